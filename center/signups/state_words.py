"""What the page of a sign-up says of how it stands: to the person themselves, and of them to whoever else reads it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from center.kernel.i18n import format_moment
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.texts import fitting
from center.signups.deciding import decide_by
from center.signups.models import SignUp, SignUpState
from center.signups.rules import has_expired


@dataclass(frozen=True)
class StateWords:
    """How a sign-up stands, what follows from it, and the tone to say it in."""

    tone: str
    title: str
    text: str


class _Words(NamedTuple):
    """Title and text for the person themselves, and for whoever else reads them: `name` is the person's."""

    tone: str
    own_title: Any
    own_text: Any
    title: Any
    text: Any


OF_STATES = {
    SignUpState.CONFIRMED: _Words(
        "ok",
        _l("You have a place"),
        _l("Just come. If you cannot, please cancel, so that somebody else can."),
        _l("%(name)s has a place"),
        _l("If %(name)s cannot come, please cancel, so that somebody else can."),
    ),
    SignUpState.OFFERED: _Words(
        "info",
        _l("A place is offered to you"),
        _l("It is held for you until %(when)s."),
        _l("A place is offered to %(name)s"),
        _l("It is held for %(name)s until %(when)s."),
    ),
    SignUpState.EXPIRED: _Words(
        "stop",
        _l("The offer ran out"),
        _l(
            "It was held for you until %(when)s, and then went to the next. That is nobody's fault. "
            "If you still want to come, sign up again, or ring us."
        ),
        _l("The offer ran out"),
        _l("It was held for %(name)s until %(when)s, and then went to the next."),
    ),
    SignUpState.TURNED_DOWN: _Words(
        "info",
        _l("You did without it"),
        _l("The place has gone to the next. If you would like to come after all, sign up again."),
        _l("%(name)s did without it"),
        _l("The place has gone to the next."),
    ),
    SignUpState.WAITING: _Words(
        "wait",
        _l("On the waiting list"),
        _l("You are number %(place)s in the queue. You will hear as soon as it is your turn."),
        _l("On the waiting list"),
        _l("%(name)s is number %(place)s in the queue."),
    ),
}
ASKS = _Words(
    "wait",
    _l("Waits for a decision"),
    _l(
        "You hear by %(when)s whether there is a place. If nobody has decided by then, the request ends, "
        "and you are told."
    ),
    _l("Waits for a decision"),
    _l("%(name)s hears by %(when)s whether there is a place. If nobody has decided by then, the request ends."),
)
NOBODY_DECIDED = _Words(
    "stop",
    _l("Nobody decided in time"),
    _l(
        "This request has run out. That is not your fault. If you still want to come, please ask us: "
        "perhaps there is a place."
    ),
    _l("Nobody decided in time"),
    _l("The request of %(name)s has run out. If a place is still wanted, perhaps there is one."),
)


def how_it_stands(sign_up: SignUp, *, reader_id: int, place: int | None, now: datetime) -> StateWords | None:
    """How it stands now, said to its reader; None where the name of its state says it all."""
    state, moment, decided = sign_up.state, sign_up.offer_expires_at, decide_by(sign_up)
    if (state is SignUpState.EXPIRED and sign_up.offered_at is None) or (decided and decided <= now):
        words: _Words | None = NOBODY_DECIDED
    elif decided:
        words, moment = ASKS, decided
    else:
        words = OF_STATES.get(SignUpState.EXPIRED if has_expired(state, moment, now=now) else state)
    if words is None:
        return None
    facts = {"name": sign_up.person.name, "when": format_moment(moment) if moment else "", "place": place}
    is_own = sign_up.person_id == reader_id
    said = (words.own_title, words.own_text) if is_own else (words.title, words.text)
    title, text = (str(each) % fitting(str(each), facts) for each in said)
    return StateWords(words.tone, title, text)
