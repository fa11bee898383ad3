"""Naming, changing and withdrawing wishes. Each function is called inside one `transaction()`; none commits."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update

from center.allocation.models import AllocationRound, TermWish, TermWishChoice, WeeklyTime
from center.allocation.rounds.queries import round_before, times_of
from center.allocation.wishes.queries import own_wishes
from center.allocation.wishes.suiting import Use, unsuited
from center.allocation.words import say_place
from center.kernel.db import db, lock
from center.kernel.errors import Conflict, DomainError, NotFound, RuleBroken, broken_rules
from center.kernel.i18n import format_moment
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.texts import new_reference
from center.organisations.models import Organisation, Stage
from center.people.models import Person

MOST_WISHES = 6  # of one organisation in a round
MOST_CHOICES = 8
NOT_YET = (Stage.APPLIED, Stage.WITHDRAWN)


@dataclass(frozen=True, kw_only=True)
class WishFacts:
    """What is wished for, checked for shape only; the times by their ids, the best first."""

    purpose: str
    purpose_id: int | None = None
    people: int
    needs: frozenset[str] = frozenset()
    choices: tuple[int, ...] = ()


def name_wish(
    found: AllocationRound, organisation: Organisation, facts: WishFacts, *, by: Person, now: datetime
) -> TermWish:
    """One more wish of an organisation, after those it has. Raises what the rules of the rooms say against it."""
    hold_open(found, now=now)
    lock(organisation)
    _refuse_outsiders(organisation)
    if _count(found, organisation) >= MOST_WISHES:
        raise RuleBroken(_l("An organisation has at most %(most)s wishes in a round.", most=MOST_WISHES))
    _check(found, organisation, facts, by, now=now)
    wish = TermWish(
        reference=f"W-{new_reference()}",
        round_id=found.id,
        organisation=organisation,
        position=_last(found, organisation) + 1,
        person=by,
        made_at=now,
        changed_at=now,
        **_columns(facts),
    )
    db.session.add(wish)
    db.session.flush()
    _set_choices(wish, facts.choices)
    return wish


def change_wish(wish: TermWish, facts: WishFacts, *, by: Person, now: datetime) -> None:
    """Change a wish while wishes can be named."""
    _hold(wish, now=now)
    _check(wish.round, wish.organisation, facts, wish.person, now=now)
    for name, value in _columns(facts).items():
        setattr(wish, name, value)
    wish.changed_at = now
    _set_choices(wish, facts.choices)


def withdraw_wish(wish: TermWish, *, by: Person, now: datetime) -> None:
    """Take a wish back; those after it move up. Twice is once."""
    hold_open(wish.round, now=now)
    lock(wish.organisation)
    lock(wish)
    if wish.withdrawn_at is not None:
        return
    wish.withdrawn_at = now
    db.session.flush()
    _close_up(wish.round, wish.organisation_id)


def put_first(wish: TermWish, *, now: datetime) -> None:
    """Let a wish matter most to its organisation: everybody's first wish comes before anybody's second."""
    _hold(wish, now=now)
    ids = [each.id for each in own_wishes(wish.round, wish.organisation_id)]
    _number(wish.round, wish.organisation_id, [wish.id, *(each for each in ids if each != wish.id)])


def copy_last(found: AllocationRound, organisation: Organisation, *, by: Person, now: datetime) -> int:
    """Name last term's wishes again, with those of their times that are offered again; how many could be."""
    hold_open(found, now=now)
    before = round_before(found)
    if before is None:
        raise RuleBroken(_l("There is no earlier round to copy from."))
    if own_wishes(found, organisation.id):
        raise Conflict(_l("There are wishes already. Copy last term's before you name new ones."))
    again = {each.place_key: each.id for each in times_of(found)}
    made = 0
    for old in own_wishes(before, organisation.id):
        facts = WishFacts(
            purpose=old.purpose,
            purpose_id=old.purpose_id,
            people=old.people,
            needs=old.needed,
            choices=tuple(again[each.time.place_key] for each in old.choices if each.time.place_key in again),
        )
        suited = _suited(found, organisation, facts, by, now=now)
        if suited.choices:
            name_wish(found, organisation, suited, by=by, now=now)
            made += 1
    return made


def hold_open(found: AllocationRound, *, now: datetime) -> None:
    """Keep the round as it is until the transaction ends. Raises RuleBroken where no wishes can be named."""
    lock(found, shared=True)
    if found.takes_wishes(now):
        return
    if found.opens_at > now:
        raise RuleBroken(_l("Wishes can be named from %(when)s on.", when=format_moment(found.opens_at)))
    raise RuleBroken(
        _l(
            "Wishes could be named until %(when)s. What you sent is not lost to you: tell the desk.",
            when=format_moment(found.closes_at),
        )
    )


def _hold(wish: TermWish, *, now: datetime) -> None:
    hold_open(wish.round, now=now)
    lock(wish.organisation)
    lock(wish)
    if wish.withdrawn_at is not None:
        raise NotFound(_l("There is no wish with this number."))


def _refuse_outsiders(organisation: Organisation) -> None:
    if organisation.stage in NOT_YET:
        raise RuleBroken(_l("Only organisations of the house take part in the allocation."))


def _check(
    found: AllocationRound, organisation: Organisation, facts: WishFacts, person: Person, *, now: datetime
) -> None:
    """Raises everything that stands against the choices."""
    offered = {each.id: each for each in times_of(found)}
    if not facts.choices:
        raise RuleBroken(_l("Choose at least one time."), field="choice_1")
    if len(set(facts.choices)) < len(facts.choices):
        raise RuleBroken(_l("Each time can be chosen once only."), field="choice_1")
    if len(facts.choices) > MOST_CHOICES or not set(facts.choices) <= offered.keys():
        raise RuleBroken(_l("Please choose one of these."), field="choice_1")
    chosen = [offered[each] for each in facts.choices]
    against = unsuited(found, chosen, _use(organisation, facts, person), now=now)
    broken_rules([_refusal(n, each, against[each.id]) for n, each in enumerate(chosen, 1) if each.id in against])


def _refusal(n: int, time: WeeklyTime, words: str) -> DomainError:
    return RuleBroken(f"{say_place(time)}: {words}", field=f"choice_{n}")


def _suited(
    found: AllocationRound, organisation: Organisation, facts: WishFacts, person: Person, *, now: datetime
) -> WishFacts:
    """The same without the times that do not suit any more."""
    chosen = [each for each in times_of(found) if each.id in facts.choices]
    against = unsuited(found, chosen, _use(organisation, facts, person), now=now)
    left = tuple(each for each in facts.choices if each not in against)
    return WishFacts(**{**vars(facts), "choices": left})


def _use(organisation: Organisation, facts: WishFacts, person: Person) -> Use:
    return Use(people=facts.people, purpose_id=facts.purpose_id, organisation=organisation, person=person)


def _columns(facts: WishFacts) -> dict[str, object]:
    return {
        "purpose": facts.purpose,
        "purpose_id": facts.purpose_id,
        "people": facts.people,
        "needs": json.dumps(sorted(facts.needs), ensure_ascii=False),
    }


def _set_choices(wish: TermWish, choices: Sequence[int]) -> None:
    """Write the choices anew, in their order."""
    db.session.execute(delete(TermWishChoice).where(TermWishChoice.wish_id == wish.id))
    db.session.add_all(TermWishChoice(wish_id=wish.id, rank=n, time_id=each) for n, each in enumerate(choices, 1))
    db.session.flush()
    db.session.refresh(wish, ["choices"])


def _count(found: AllocationRound, organisation: Organisation) -> int:
    return len(own_wishes(found, organisation.id))


def _last(found: AllocationRound, organisation: Organisation) -> int:
    query = select(func.max(TermWish.position)).where(
        TermWish.round_id == found.id,
        TermWish.organisation_id == organisation.id,
        TermWish.withdrawn_at.is_(None),
    )
    return db.session.scalar(query) or 0


def _close_up(found: AllocationRound, organisation_id: int) -> None:
    _number(found, organisation_id, [each.id for each in own_wishes(found, organisation_id)])


def _number(found: AllocationRound, organisation_id: int, ids: Sequence[int]) -> None:
    """Number the wishes anew; by a detour, since no two may have one number at any moment."""
    theirs = (TermWish.round_id == found.id, TermWish.organisation_id == organisation_id)
    live = (*theirs, TermWish.withdrawn_at.is_(None))
    db.session.execute(update(TermWish).where(*live).values(position=TermWish.position + 1000))
    for n, key in enumerate(ids, 1):
        db.session.execute(update(TermWish).where(TermWish.id == key).values(position=n))
    db.session.flush()
