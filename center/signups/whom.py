"""Whom a message is about and how they stand, said to whoever reads it.

A message may be about the reader, about a child or neighbour, or about several of a household at once: then it names
them, in its subject and in its sentence.
"""

from collections.abc import Callable, Iterable, Sequence

from center.kernel.i18n import format_moment, local_date
from center.kernel.i18n import gettext as _
from center.people.acting import Ground
from center.people.guardians import is_child
from center.people.models import Person
from center.signups.deciding import decide_by
from center.signups.models import Mode, SignUp, SignUpState
from center.signups.queries import place_in_queue


def whom(theirs: Sequence[SignUp], reader: Person) -> str:
    """Whom these sign-ups of one roster are of, as the reader calls them: you, your child 李小明, 李小明 and 李小红."""
    if len(theirs) == 1:
        return _called(theirs[0], reader)
    names = [_("you") if each.person_id == reader.id else each.person.name for each in theirs]
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


def _called(sign_up: SignUp, reader: Person) -> str:
    if sign_up.person_id == reader.id:
        return _("you")
    name = sign_up.person.name
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
