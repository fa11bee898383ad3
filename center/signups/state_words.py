"""What the page of a sign-up says of how it stands: to the person themselves, and of them to whoever else reads it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from center.kernel.i18n import format_moment
from center.kernel.i18n import gettext as _
from center.signups.deciding import decide_by
from center.signups.models import SignUp, SignUpState
from center.signups.rules import has_expired


@dataclass(frozen=True)
class StateWords:
    """How a sign-up stands, what follows from it, and the tone to say it in."""

    tone: str
    title: str
    text: str


def how_it_stands(sign_up: SignUp, *, reader_id: int, place: int | None, now: datetime) -> StateWords | None:
    """How it stands now, said to its reader; None where the name of its state says it all."""
    name = "" if sign_up.person_id == reader_id else sign_up.person.name
    decided = decide_by(sign_up)
    is_undecided = sign_up.state is SignUpState.EXPIRED and sign_up.offered_at is None
    if is_undecided or (decided and decided <= now):
        return _nobody_decided(name)
    if decided:
        return _asks(name, format_moment(decided))
    state = sign_up.state
    if has_expired(state, sign_up.offer_expires_at, now=now):
        state = SignUpState.EXPIRED
    until = format_moment(sign_up.offer_expires_at) if sign_up.offer_expires_at else ""
    say = _SAYINGS.get(state)
    return say(name, until, place) if say else None


def _nobody_decided(name: str) -> StateWords:
    if name:
        text = _("The request of %(name)s has run out. If a place is still wanted, perhaps there is one.", name=name)
    else:
        text = _(
            "This request has run out. That is not your fault. If you still want to come, please ask us: "
            "perhaps there is a place."
        )
    return StateWords("stop", _("Nobody decided in time"), text)


def _asks(name: str, when: str) -> StateWords:
    if name:
        text = _(
            "%(name)s hears by %(when)s whether there is a place. If nobody has decided by then, the request ends.",
            name=name,
            when=when,
        )
    else:
        text = _(
            "You hear by %(when)s whether there is a place. If nobody has decided by then, the request ends, "
            "and you are told.",
            when=when,
        )
    return StateWords("wait", _("Waits for a decision"), text)


def _has_place(name: str, until: str, place: int | None) -> StateWords:
    if name:
        text = _("If %(name)s cannot come, please cancel, so that somebody else can.", name=name)
        return StateWords("ok", _("%(name)s has a place", name=name), text)
    return StateWords(
        "ok", _("You have a place"), _("Just come. If you cannot, please cancel, so that somebody else can.")
    )


def _is_offered(name: str, until: str, place: int | None) -> StateWords:
    if name:
        text = _("It is held for %(name)s until %(when)s.", name=name, when=until)
        return StateWords("info", _("A place is offered to %(name)s", name=name), text)
    return StateWords("info", _("A place is offered to you"), _("It is held for you until %(when)s.", when=until))


def _ran_out(name: str, until: str, place: int | None) -> StateWords:
    if name:
        text = _("It was held for %(name)s until %(when)s, and then went to the next.", name=name, when=until)
    else:
        text = _(
            "It was held for you until %(when)s, and then went to the next. That is nobody's fault. "
            "If you still want to come, sign up again, or ring us.",
            when=until,
        )
    return StateWords("stop", _("The offer ran out"), text)


def _did_without(name: str, until: str, place: int | None) -> StateWords:
    if name:
        return StateWords("info", _("%(name)s did without it", name=name), _("The place has gone to the next."))
    text = _("The place has gone to the next. If you would like to come after all, sign up again.")
    return StateWords("info", _("You did without it"), text)


def _waits(name: str, until: str, place: int | None) -> StateWords:
    if name:
        text = _("%(name)s is number %(place)s in the queue.", name=name, place=place)
    else:
        text = _("You are number %(place)s in the queue. You will hear as soon as it is your turn.", place=place)
    return StateWords("wait", _("On the waiting list"), text)


_SAYINGS: dict[SignUpState, Callable[[str, str, int | None], StateWords]] = {
    SignUpState.CONFIRMED: _has_place,
    SignUpState.EXPIRED: _ran_out,
    SignUpState.OFFERED: _is_offered,
    SignUpState.TURNED_DOWN: _did_without,
    SignUpState.WAITING: _waits,
}
