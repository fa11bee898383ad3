"""Partners are entered and changed; their days of service are written down."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select

from center.activities.models import Session
from center.incubator.models.partners import Partner, PartnerKind, ServiceDay, ServiceTurn
from center.incubator.partners import rules
from center.kernel.acts import Act
from center.kernel.db import db, lock
from center.kernel.errors import Conflict, RuleBroken, broken_rules
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.kernel.trail import note
from center.people.models import Person
from center.people.names import sort_key


@dataclass(frozen=True, kw_only=True)
class PartnerFacts:
    """What is known of a partner."""

    kind: PartnerKind
    name: str
    name_en: str = ""
    contact: str = ""
    offers: str = ""
    offers_en: str = ""
    is_retired: bool = False


@dataclass(frozen=True, kw_only=True)
class DayFacts:
    """What is written of a day of service."""

    on_date: date
    what: str
    place: str = ""
    reached: int = 0


def enter_partner(facts: PartnerFacts, *, by: Person) -> Partner:
    """A new partner; raises Conflict where one has the name."""
    _refuse_same_name(facts.name, but=None)
    partner = Partner(sort_key=sort_key(facts.name), **asdict(facts))
    db.session.add(partner)
    note(Act.PARTNER_ENTERED, partner, by=by)
    return partner


def edit_partner(partner: Partner, facts: PartnerFacts, *, by: Person) -> None:
    """Say something else of a partner; raises Conflict where another has the name."""
    lock(partner)
    _refuse_same_name(facts.name, but=partner.id)
    for name, value in asdict(facts).items():
        setattr(partner, name, value)
    partner.sort_key = sort_key(facts.name)
    note(Act.PARTNER_EDITED, partner, by=by)


def write_day(partner: Partner, facts: DayFacts, *, by: Person, now: datetime) -> ServiceDay:
    """Write down a day on which a partner served."""
    broken_rules(rules.day_faults(on_date=facts.on_date, reached=facts.reached, today=local_date(now)))
    lock(partner)
    same = select(ServiceDay.id).where(
        ServiceDay.partner_id == partner.id, ServiceDay.on_date == facts.on_date, ServiceDay.what == facts.what
    )
    if db.session.scalar(same) is not None:
        raise Conflict(_l("This is written down for that day already."), field="what")
    day = ServiceDay(partner_id=partner.id, written_by_id=by.id, written_at=now, **asdict(facts))
    db.session.add(day)
    db.session.flush()
    return day


def link_register(day: ServiceDay, session: Session | None, *, by: Person) -> None:
    """Let the register of a session say how many were reached that day; None: the number that was typed does again."""
    lock(day)
    if session is not None and (session.local_day != day.on_date or session.activity.is_confined):
        raise RuleBroken(_l("This register is of another day."), field="session")
    day.session_id = session.id if session is not None else None
    db.session.flush()
    note(Act.SERVICE_DAY_LINKED, day.partner, by=by, reason=session.activity.title if session is not None else "")


def write_turn(day: ServiceDay, person: Person, *, minutes: int) -> ServiceTurn:
    """Write down that somebody came, and for how long; raises Conflict where it is written already."""
    if not 1 <= minutes <= rules.MOST_MINUTES:
        raise RuleBroken(_l("Please write a number from %(min)s to %(max)s.", min=1, max=12 * 60), field="minutes")
    lock(day)
    same = select(ServiceTurn.id).where(ServiceTurn.day_id == day.id, ServiceTurn.person_id == person.id)
    if db.session.scalar(same) is not None:
        raise Conflict(_l("%(name)s is written down for this day already.", name=person.name), field="person")
    turn = ServiceTurn(day_id=day.id, person_id=person.id, minutes=minutes)
    db.session.add(turn)
    db.session.flush()
    return turn


def strike_turn(turn: ServiceTurn) -> None:
    """Take back that somebody came: it was written by mistake."""
    db.session.delete(turn)
    db.session.flush()


def _refuse_same_name(name: str, *, but: int | None) -> None:
    found = db.session.scalar(select(Partner.id).where(Partner.name == name))
    if found is not None and found != but:
        raise Conflict(_l("Another partner has this name."), field="name")
