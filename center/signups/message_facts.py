"""What the words of a message about sign-ups may say, in the reader's language, and who hears of it.

A message may be about the reader, about a child or neighbour, or about several of a household at once: then it names
them, in its subject and in its sentence.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from center.activities.words import say_when, where
from center.kernel.db import db
from center.kernel.i18n import format_moment, in_language, local_date
from center.kernel.i18n import gettext as _
from center.notices.kinds import say_desk
from center.notices.models import ContactPreference
from center.people.acting import Ground, ground_to_act, hearers_for, is_child, is_given
from center.people.masking import masked_name
from center.people.models import Delegation, DelegationScope, Person
from center.signups.deciding import decide_by
from center.signups.models import Mode, SignUp, SignUpState
from center.signups.queries import place_in_queue
from center.signups.rules import cancel_deadline

BY_RIGHT_OF_OTHERS = frozenset({Ground.DELEGATION, Ground.GUARDIAN, Ground.HOUSEHOLD})


def whom(theirs: Sequence[SignUp], reader: Person) -> str:
    """Whom these sign-ups of one roster are of, as the reader calls them: you, your child 李小明, 李小明 and 李小红."""
    if len(theirs) == 1:
        return _called(theirs[0], reader)
    names = [_("you") if each.person_id == reader.id else name_of(each) for each in theirs]
    return _("%(some)s and %(last)s", some=_(", ").join(names[:-1]), last=names[-1])


def aside(theirs: Sequence[SignUp], reader: Person) -> str:
    """Their names in brackets, behind a subject that is not about them alone; nothing where it is the reader."""
    return "" if is_only(theirs, reader) else _(" (%(whom)s)", whom=whom(theirs, reader))


def for_whom(theirs: Sequence[SignUp], reader: Person) -> str:
    """A line that says for whom it is; nothing where it is the reader."""
    return "" if is_only(theirs, reader) else _("For: %(name)s", name=whom(theirs, reader))


def group(theirs: Sequence[SignUp], reader: Person) -> str:
    """Those who signed up to stay together with these."""
    return _("your group") if is_only(theirs, reader) else _("the group of %(whom)s", whom=whom(theirs, reader))


def is_only(theirs: Sequence[SignUp], reader: Person) -> bool:
    """Whether it is about the reader and nobody else."""
    return all(each.person_id == reader.id for each in theirs)


def numbers(theirs: Sequence[SignUp]) -> str:
    """Their places in the queue."""
    return _(", ").join(str(place_in_queue(each) or "") for each in theirs)


def standing(theirs: Sequence[SignUp], reader: Person) -> str:
    """How each of them stands: a line for each kind of standing, true for whoever reads it."""
    lines = []
    for state, say in SAYINGS.items():
        of_state = [each for each in theirs if each.state is state]
        parts = [[each] for each in of_state] if state in ONE_BY_ONE else [of_state]
        lines += [say(part, reader) for part in parts if part]
    return "\n".join(lines)


def if_not(theirs: Iterable[SignUp]) -> str:
    """What to do if it does not suit them any more."""
    if any(each.state is SignUpState.CONFIRMED for each in theirs):
        return _("If this does not suit you, please cancel, so that somebody else can have the place.")
    return _("If this does not suit you, please cancel.")


def name_of(sign_up: SignUp) -> str:
    """What somebody is called where others read it, such as in a call list: of a confined activity shortened."""
    name = sign_up.person.name
    return masked_name(name) if sign_up.roster.activity.is_confined else name


def _called(sign_up: SignUp, reader: Person) -> str:
    if sign_up.person_id == reader.id:
        return _("you")
    name = name_of(sign_up)
    if sign_up.signed_by_id == reader.id and sign_up.ground is Ground.HOUSEHOLD:
        return _("%(name)s of your household", name=name)
    is_helper = sign_up.signed_by_id == reader.id and sign_up.ground is Ground.DELEGATION
    if is_helper or not is_child(sign_up.person, local_date(sign_up.made_at)):
        return name
    return _("your child %(name)s", name=name)


def _has_place(theirs: Sequence[SignUp], reader: Person) -> str:
    return _("There still is a place for %(whom)s.", whom=whom(theirs, reader))


def _is_offered(theirs: Sequence[SignUp], reader: Person) -> str:
    until = format_moment(theirs[0].offer_expires_at) if theirs[0].offer_expires_at else ""
    return _(
        "A place is still held for %(whom)s until %(until)s: please say by then whether it is wanted.",
        whom=whom(theirs, reader),
        until=until,
    )


def _waits(theirs: Sequence[SignUp], reader: Person) -> str:
    return _(
        "There is no place yet for %(whom)s: on the waiting list it is number %(place)s.",
        whom=whom(theirs, reader),
        place=numbers(theirs),
    )


def _asks(theirs: Sequence[SignUp], reader: Person) -> str:
    roster, moment = theirs[0].roster, decide_by(theirs[0])
    if roster.mode is Mode.LOTTERY:
        when = format_moment(roster.closes_at) if roster.closes_at else ""
        return _("A place for %(whom)s is still to be drawn, on %(when)s.", whom=whom(theirs, reader), when=when)
    return _(
        "Whether there is a place for %(whom)s is not decided yet; it is by %(when)s.",
        whom=whom(theirs, reader),
        when=format_moment(moment) if moment else "",
    )


ONE_BY_ONE = frozenset({SignUpState.OFFERED, SignUpState.REQUESTED})  # each has a deadline of its own
SAYINGS: dict[SignUpState, Callable[[Sequence[SignUp], Person], str]] = {
    SignUpState.CONFIRMED: _has_place,
    SignUpState.OFFERED: _is_offered,
    SignUpState.WAITING: _waits,
    SignUpState.REQUESTED: _asks,
}


def facts_of(theirs: Sequence[SignUp], reader: Person, *, now: datetime, by: Person | None = None) -> Mapping[str, Any]:
    """What the words of every kind may say of sign-ups of one roster, each said in the reader's language."""
    first = theirs[0]
    roster, activity = first.roster, first.roster.activity
    sessions = [each for each in roster.sessions if each.is_scheduled] or roster.sessions
    ahead = [each for each in sessions if each.ends_at > now] or sessions
    return {
        "title": lambda: in_language(activity.title, activity.title_en),
        "organisation": lambda: in_language(activity.organisation.name, activity.organisation.name_en),
        "when": lambda: say_when(sessions, now=now),
        "where": lambda: where(ahead[0]) if ahead else "",
        "bring": lambda: _("Bring along: %(what)s", what=activity.bring) if activity.bring else "",
        "reference": ", ".join(each.reference for each in theirs),
        "desk": say_desk,
        "whom": lambda: whom(theirs, reader),
        "aside": lambda: aside(theirs, reader),
        "group": lambda: group(theirs, reader),
        "who": lambda: for_whom(theirs, reader),
        "hand": lambda: _("Done by: %(name)s", name=by.name) if by is not None and by.id != reader.id else "",
        "standing": lambda: standing(theirs, reader),
        "if_not": lambda: if_not(theirs),
        "place": lambda: numbers(theirs),
        "until": lambda: format_moment(first.offer_expires_at) if first.offer_expires_at else "",
        "deadline": lambda: _deadline(first, now),
        "draw": lambda: format_moment(roster.closes_at) if roster.closes_at else "",
        "decided": lambda: format_moment(moment) if (moment := decide_by(first)) else "",
    }


def _deadline(sign_up: SignUp, now: datetime) -> str:
    coming = [each for each in sign_up.roster.sessions if each.starts_at > now]
    if not coming:
        return ""
    first, minutes = min(coming, key=lambda each: each.starts_at), sign_up.roster.cancel_minutes
    return format_moment(max(now, cancel_deadline(first.starts_at, cancel_minutes=minutes, moved_at=first.moved_at)))


def readers_of(sign_ups: Sequence[SignUp], *, now: datetime) -> list[tuple[SignUp, list[Person]]]:
    """Who hears of each of these, everybody once."""
    today = local_date(now)
    helpers = _helpers_who_hear({each.person_id for each in sign_ups}, on=today)
    return [(each, _readers(each, helpers.get(each.person_id, ()), on=today)) for each in sign_ups]


def _readers(sign_up: SignUp, helpers: Sequence[Person], *, on: date) -> list[Person]:
    found = {each.id: each for each in (*hearers_for(sign_up.person, on=on), *helpers)}
    signed_by = sign_up.signed_by
    if sign_up.ground in BY_RIGHT_OF_OTHERS and signed_by.id not in found:
        ground = ground_to_act(signed_by, sign_up.person, scope=DelegationScope.SIGN_UPS, on=on)
        if ground is not None:
            found[signed_by.id] = signed_by
    return list(found.values())


def _helpers_who_hear(person_ids: Collection[int], *, on: date) -> dict[int, list[Person]]:
    """Whom these people let act for them, where they want them to hear what they hear."""
    rows = db.session.connection().execute(_helpers(on), {"ids": sorted(person_ids)}).all()
    if not rows:  # as mostly
        return {}
    helpers = {each.id: each for each in db.session.scalars(select(Person).where(Person.id.in_({r[1] for r in rows})))}
    found: dict[int, list[Person]] = {}
    for person_id, helper_id in rows:
        found.setdefault(person_id, []).append(helpers[helper_id])
    return found


@lru_cache(maxsize=2)
def _helpers(on: date) -> Select[int, int]:
    """Made once a day, since everything that is told of sign-ups asks it."""
    return (
        select(Delegation.person_id, Person.id)
        .join(Delegation.delegate)
        .join(ContactPreference, ContactPreference.person_id == Delegation.person_id)
        .where(Delegation.person_id.in_(bindparam("ids", expanding=True)), ContactPreference.tells_helpers)
        .where(*is_given(DelegationScope.SIGN_UPS, on=on))
        .order_by(Person.sort_key, Person.id)
    )
