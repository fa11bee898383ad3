"""Terms: made, changed, opened for enrolment, ended. Each is called inside one `transaction()` and never commits."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, time

from sqlalchemy import select

from center.activities import actions as activities
from center.activities.actions import ActivityFacts
from center.activities.models import Activity, ActivityKind
from center.afterschool.models.terms import Term, TermMode, TermState
from center.afterschool.terms import rulebook
from center.kernel.acts import Act
from center.kernel.db import db, lock
from center.kernel.errors import Conflict, DomainError, RuleBroken, broken_rules
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date, speaking
from center.kernel.trail import note
from center.organisations.models import Organisation, OrganisationKind
from center.people.models import Person
from center.rooms.models import Room
from center.signups.models import Mode, PoolKind, Roster
from center.signups.rosters import PoolFacts, RosterFacts, make_roster, rosters_of

LONGEST_DAYS = 366
FIXED = ("mode", "first_on", "last_on", "room_id", "opens", "closes")  # once its days have the room's time
MODES = (Mode.FIRST_COME, Mode.LOTTERY)


@dataclass(frozen=True, kw_only=True)
class TermFacts:
    """What the director says of a term, checked for shape only."""

    name: str
    name_en: str = ""
    mode: TermMode = TermMode.AFTER_SCHOOL
    first_on: date
    last_on: date
    room_id: int
    opens: time
    closes: time
    lunch_from: time | None = None
    lunch_until: time | None = None
    cut_off: time
    alarm_minutes: int = 15
    sibling_age: int = 14
    alone_age: int = 10
    children_per_adult: int = 10
    needs_first_aid: bool = True


@dataclass(frozen=True, kw_only=True)
class Enrolling:
    """How places are given: between when, by lot or first come, and how many there are."""

    mode: Mode
    opens_at: datetime | None
    closes_at: datetime | None
    capacity: int
    offer_minutes: int = 720


def make_term(facts: TermFacts, *, by: Person, now: datetime) -> Term:
    """A draft of a term with its activity, which nobody sees yet; raises RuleBroken on the field at fault."""
    broken_rules([*_faults(facts), *_name_faults(facts.name)])
    activity = activities.create(the_centre(), _words_of(facts), by=by, now=now)
    activity.is_confined = True
    term = Term(activity_id=activity.id, state=TermState.DRAFT, **asdict(facts))
    db.session.add(term)
    note(Act.TERM_MADE, term, by=by, room=db.session.get(Room, facts.room_id))
    return term


def edit_term(term: Term, facts: TermFacts, *, by: Person, now: datetime) -> None:
    """Say something else of a term. Once its days have the room's time, days are moved one by one instead."""
    lock(term)
    _refuse_once_ended(term)
    broken_rules([*_faults(facts), *_fixed_faults(term, facts), *_name_faults(facts.name, but=term)])
    if facts == facts_of(term):
        return
    for name, value in asdict(facts).items():
        setattr(term, name, value)
    activities.edit(term.activity, _words_of(facts, term.activity), by=by, now=now)
    note(Act.TERM_CHANGED, term, by=by)


def facts_of(term: Term) -> TermFacts:
    """What is said of a term."""
    return TermFacts(**{name: getattr(term, name) for name in TermFacts.__dataclass_fields__})


def open_enrolment(term: Term, how: Enrolling, *, by: Person, now: datetime) -> Roster:
    """Let children be enrolled: everybody sees the term from now on. Raises RuleBroken while something is lacking.

    Its rules are published before, so that nobody is refused by one that they could not read.
    """
    lock(term)
    if term.state is not TermState.DRAFT:
        raise Conflict(_l("Enrolment of this term is open already."))
    broken_rules([*lacking(term), *_faults_of_enrolling(how, now)])
    facts = RosterFacts(
        mode=how.mode, opens_at=how.opens_at, closes_at=how.closes_at, offer_minutes=how.offer_minutes,
        cancel_minutes=0, release_minutes=0,
    )  # fmt: skip
    general = PoolFacts(kind=PoolKind.GENERAL, capacity=how.capacity)
    roster = make_roster(term.activity, facts, [general], by=by)
    activities.publish(term.activity, by=by, now=now, as_staff=True)
    term.state = TermState.OPEN
    note(Act.TERM_OPENED, term, by=by)
    return roster


def lacking(term: Term) -> list[DomainError]:
    """What a term still needs before children can be enrolled."""
    faults: list[DomainError] = []
    if rulebook.latest(term.id) is None:
        faults.append(RuleBroken(_l("Publish the rules first: a place is given and refused by them.")))
    if not term.days:
        faults.append(RuleBroken(_l("Take the room's time first: the term has no days yet.")))
    if not term.classes:
        faults.append(RuleBroken(_l("Add a class first.")))
    return faults


def roster_of(term: Term) -> Roster | None:
    """The roster of a term's places; None before enrolment was opened."""
    return next(iter(rosters_of(term.activity)), None)


def end_term(term: Term, *, by: Person, now: datetime) -> None:
    """The term is over; twice is once. Raises RuleBroken while a day is ahead, or one is open."""
    lock(term)
    if term.state is TermState.ENDED:
        return
    ahead = [day for day in term.days if day.session.is_scheduled and day.on_date >= local_date(now)]
    if any(day.opened_at and not day.closed_at for day in term.days):
        raise RuleBroken(_l("A day of this term is open: close it first, once the last child is gone."))
    if any(not day.closed_at for day in ahead):
        raise RuleBroken(_l("Days of this term are still ahead. Call them off first, or wait until they are over."))
    term.state = TermState.ENDED
    note(Act.TERM_ENDED, term, by=by)


def the_centre() -> Organisation:
    """The centre as an organisation: the programme is its own; raises RuleBroken where it was not entered."""
    query = select(Organisation).where(Organisation.kind == OrganisationKind.CENTRE).order_by(Organisation.id)
    found = db.session.scalar(query.limit(1))
    if found is None:
        raise RuleBroken(_l("Enter the centre itself among the organisations first."))
    return found


def _words_of(facts: TermFacts, activity: Activity | None = None) -> ActivityFacts:
    """What the term's activity says of it, in both languages."""
    said = {}
    for code in ("zh", "en"):
        with speaking(code):
            title = _(
                "After-school programme · %(name)s", name=facts.name if code == "zh" else facts.name_en or facts.name
            )
            summary = _("Children are looked after until their families collect them.")
        said[code] = (title[:80], summary)
    kept = activities.facts_of(activity) if activity else None
    base = asdict(kept) if kept else {"kind_id": _kind().id, "expected": 1}
    words = {"title": said["zh"][0], "title_en": said["en"][0], "summary": said["zh"][1], "summary_en": said["en"][1]}
    return ActivityFacts(**{**base, **words})


def _kind() -> ActivityKind:
    """The kind of activity that the programme is."""
    names = {}
    for code in ("zh", "en"):
        with speaking(code):
            names[code] = _("After-school programme")
    name = names["zh"]
    found = db.session.scalar(select(ActivityKind).where(ActivityKind.name == name))
    if found is None:
        found = ActivityKind(name=name, name_en=names["en"], position=900)
        db.session.add(found)
        db.session.flush()
    found.is_retired = False
    return found


def _faults(facts: TermFacts) -> list[DomainError]:
    faults: list[DomainError] = []
    room = db.session.get(Room, facts.room_id)
    if room is None or room.is_retired:
        faults.append(RuleBroken(_l("Please choose one of these."), field="room_id"))
    if not facts.name.strip():
        faults.append(RuleBroken(_l("Please fill this in."), field="name"))
    if facts.last_on < facts.first_on:
        faults.append(RuleBroken(_l("The last day is before the first day."), field="last_on"))
    elif (facts.last_on - facts.first_on).days > LONGEST_DAYS:
        faults.append(RuleBroken(_l("A term is at most a year long."), field="last_on"))
    if facts.closes <= facts.opens:
        faults.append(RuleBroken(_l("It closes before it opens."), field="closes"))
    return [*faults, *_lunch_faults(facts)]


def _name_faults(name: str, *, but: Term | None = None) -> list[DomainError]:
    """Two terms of one name are told apart by nobody."""
    there = db.session.scalar(select(Term.id).where(Term.name == name, Term.id != (but.id if but else 0)).limit(1))
    return [RuleBroken(_l("There is a term of this name already."), field="name")] if there is not None else []


def _lunch_faults(facts: TermFacts) -> list[DomainError]:
    lunch = (facts.lunch_from, facts.lunch_until)
    if facts.mode is TermMode.FULL_DAY and None in lunch:
        return [RuleBroken(_l("Say when lunch is: it parts the day in two."), field="lunch_from")]
    if (facts.lunch_from is None) != (facts.lunch_until is None):
        return [RuleBroken(_l("Say from when until when lunch is."), field="lunch_until")]
    hours = (facts.opens, facts.lunch_from, facts.lunch_until, facts.closes)
    if facts.lunch_from and list(hours) != sorted({each for each in hours if each is not None}):
        return [RuleBroken(_l("Lunch lies within the hours of the day."), field="lunch_until")]
    return []


def _fixed_faults(term: Term, facts: TermFacts) -> list[DomainError]:
    if not term.days:
        return []
    words = _l("Its days have the room's time already. Move, add or call off single days instead.")
    return [RuleBroken(words, field=name) for name in FIXED if getattr(term, name) != getattr(facts, name)]


def _faults_of_enrolling(how: Enrolling, now: datetime) -> list[DomainError]:
    faults: list[DomainError] = []
    if how.mode not in MODES:
        faults.append(RuleBroken(_l("Please choose one of these."), field="mode"))
    if how.mode is Mode.LOTTERY and how.closes_at is None:
        faults.append(
            RuleBroken(_l("Say until when people can ask for a place: then lots are drawn."), field="closes_at")
        )
    if how.closes_at is not None and how.closes_at <= now:
        faults.append(RuleBroken(_l("This time has already passed. Please choose a later one."), field="closes_at"))
    if how.capacity < 1:
        faults.append(RuleBroken(_l("Please write a number of at least 1."), field="capacity"))
    return faults


def _refuse_once_ended(term: Term) -> None:
    if term.state is TermState.ENDED:
        raise RuleBroken(_l("This term is over, so nothing of it changes any more."))
