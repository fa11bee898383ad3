"""What a guardian may do for a child: all that the others may, but for what a court's paper takes from them.

Guardians have equal rights (Civil Code, art. 26 and 34). A bar keeps somebody from collecting, and so from deciding how
the child goes home. What else it takes the director writes down, each right by its paper. Account, desk and telephone
ask here; whoever is refused reads to whom to speak, and the director hears of it.
"""

import enum
from collections.abc import Iterable
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import select

from center.afterschool.collectors.bars import ASK_DIRECTOR, is_kept_away, stands_at
from center.afterschool.models.plans import Bar, BarLevel, BarredRight, Right
from center.afterschool.rights import news, on_call
from center.kernel.db import db
from center.kernel.errors import DomainError, Forbidden, NotYours, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.kernel.site import path_to
from center.notices import outbox
from center.people.acting import guardians_of, is_guardian
from center.people.masking import masked_name
from center.people.models import Person
from center.signups import offers
from center.signups.models import SignUp


class Deed(enum.StrEnum):
    """What a guardian wanted to do who was refused, for the director to read."""

    COLLECTORS = "collectors"
    CONSENTS = "consents"
    DELETION = "deletion"
    HEALTH = "health"
    PHOTO = "photo"
    PLACE = "place"
    RECORD = "record"
    WAY_HOME = "way_home"
    WHEREABOUTS = "whereabouts"


DEEDS = {
    Deed.COLLECTORS: _l("say who collects the child"),
    Deed.CONSENTS: _l("give or take back a consent"),
    Deed.DELETION: _l("have the child's records deleted"),
    Deed.HEALTH: _l("change what is known of the child's health"),
    Deed.PHOTO: _l("change the child's photo"),
    Deed.PLACE: _l("ask for, pause or end a place"),
    Deed.RECORD: _l("change the child's record"),
    Deed.WAY_HOME: _l("say how the child goes home"),
    Deed.WHEREABOUTS: _l("read where the child is"),
}
NOT_YOURS = _l("There is nothing here, or it is not yours to see.")
NO_DECISIONS = _l(
    "By a paper that was shown to the director, this guardian does not decide about the child here. Please speak to "
    "the director of the centre."
)
NO_WHEREABOUTS = _l(
    "By a paper that was shown to the director, where this child is cannot be read here. Please speak to the director "
    "of the centre."
)


def taken_from(guardian: Person, child: Person, *, now: datetime) -> frozenset[Right]:
    """What bars that stand take from a guardian beyond collecting."""
    return frozenset(each for person_id, each in _taken(child.id, now=now) if person_id == guardian.id)


def may_decide(guardian: Person, child: Person, *, now: datetime) -> bool:
    """Whether somebody may decide about the child's place, record and consents, as far as bars go."""
    return Right.DECISIONS not in taken_from(guardian, child, now=now)


def may_read_whereabouts(guardian: Person, child: Person, *, now: datetime) -> bool:
    """Whether somebody may read where the child is, as far as bars go."""
    return Right.WHEREABOUTS not in taken_from(guardian, child, now=now)


def readers_of(child: Person, *, now: datetime, on: date | None = None) -> list[Person]:
    """The guardians on a date, by default today, who may read now where the child is: nobody else is told."""
    away = {person_id for person_id, what in _taken(child.id, now=now) if what is Right.WHEREABOUTS}
    found = guardians_of(child, on=on or local_date(now))
    return [each.guardian for each in found if each.guardian_id not in away]


def not_to_ring(child_ids: Iterable[int], *, now: datetime) -> set[tuple[int, int]]:
    """Which guardians are not rung about which children, since they may not read where those are: child, guardian."""
    query = _query(now).add_columns(Bar.child_id).where(Bar.child_id.in_(list(child_ids)))
    found = db.session.execute(query.where(BarredRight.what == Right.WHEREABOUTS))
    return {(child_id, person_id) for person_id, _what, child_id in found}


def authorise_guardian(child: Person, guardian: Person, now: datetime, *, to: Deed) -> None:
    """Raises as `refuse_stranger` and `refuse_undecided` do."""
    refuse_stranger(guardian, child, now=now)
    refuse_undecided(guardian, child, now=now, to=to)


def refuse_stranger(guardian: Person, child: Person, *, now: datetime) -> None:
    """Raises NotYours for whoever does not answer for the child today."""
    if not is_guardian(guardian, child, local_date(now)):
        raise NotYours(NOT_YOURS)


def refuse_undecided(person: Person, child: Person, *, now: datetime, to: Deed) -> None:
    """Raises RuleBroken where a paper takes it from somebody to decide about the child; `to` says what they wanted."""
    if not may_decide(person, child, now=now):
        raise _refusal(RuleBroken(NO_DECISIONS), person, child, to=to, now=now)


def refuse_kept_away(person: Person, child: Person, *, now: datetime, to: Deed) -> None:
    """Raises RuleBroken where somebody who may not collect the child decides how the child goes home."""
    if is_kept_away(person, child, now=now):
        raise _refusal(RuleBroken(ASK_DIRECTOR), person, child, to=to, now=now)


def refuse_whereabouts(person: Person, child: Person, *, now: datetime) -> None:
    """Raises Forbidden where a paper takes it from somebody to read where the child is."""
    if not may_read_whereabouts(person, child, now=now):
        raise _refusal(Forbidden(NO_WHEREABOUTS), person, child, to=Deed.WHEREABOUTS, now=now)


def _check_offer(sign_up: SignUp, who: Person, now: datetime) -> None:
    """An offered place of the programme is answered by whoever may decide about the child."""
    if sign_up.roster.activity.is_confined:
        refuse_undecided(who, sign_up.person, now=now, to=Deed.PLACE)


def _refusal(error: DomainError, person: Person, child: Person, *, to: Deed, now: datetime) -> DomainError:
    """The same error, of which the director hears: of one thing once a day."""
    error.afterwards = partial(_tell, person.id, child.id, to, now)
    return error


def _tell(person_id: int, child_id: int, to: Deed, now: datetime) -> None:
    person, child = (db.session.get_one(Person, each) for each in (person_id, child_id))
    about, on = f"guardian_refused:{child_id}", local_date(now)
    facts = {"person": masked_name(child.name), "by": person.name, "what": lambda: str(DEEDS[to])}
    for each in on_call.directors(on):
        outbox.tell(
            each.person,
            news.GUARDIAN_REFUSED,
            key=f"{about}:{person_id}:{to}:{on:%Y%m%d}:{each.person.id}",
            facts=facts,
            about=about,
            path=path_to("classroom.bars"),
            now=now,
        )


def _taken(child_id: int, *, now: datetime) -> list[tuple[int | None, Right]]:
    return [(person_id, what) for person_id, what in db.session.execute(_query(now).where(Bar.child_id == child_id))]


def _query(now: datetime) -> Any:
    query = select(Bar.person_id, BarredRight.what).join(BarredRight.bar)
    return query.where(Bar.level == BarLevel.DENY, BarredRight.given_back_at.is_(None), stands_at(now))


offers.guards.append(_check_offer)
