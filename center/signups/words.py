"""What the states, modes and pools of sign-ups are called."""

from collections.abc import Sequence

from center.kernel.i18n import gettext as _
from center.kernel.i18n import in_language, ngettext
from center.kernel.i18n import lazy_gettext as _l
from center.signups.models import Mode, Pool, PoolKind, Roster, SignUp, SignUpState
from center.signups.models.history import SignUpChange
from center.signups.places_left import KeptPlaces, Left

STATE_NAMES = {
    SignUpState.CANCELLED: _l("Cancelled"),
    SignUpState.CONFIRMED: _l("You have a place"),
    SignUpState.DECLINED: _l("No place this time"),
    SignUpState.EXPIRED: _l("The offer ran out"),
    SignUpState.OFFERED: _l("A place is offered to you"),
    SignUpState.REQUESTED: _l("Waits for a decision"),
    SignUpState.TURNED_DOWN: _l("You did without it"),
    SignUpState.WAITING: _l("On the waiting list"),
}
OF_ANOTHER = {
    SignUpState.CONFIRMED: _l("Has a place"),
    SignUpState.OFFERED: _l("A place is offered"),
    SignUpState.TURNED_DOWN: _l("Did without it"),
}
STATE_TONES = {
    SignUpState.CANCELLED: "quiet",
    SignUpState.CONFIRMED: "ok",
    SignUpState.DECLINED: "stop",
    SignUpState.EXPIRED: "quiet",
    SignUpState.OFFERED: "info",
    SignUpState.REQUESTED: "wait",
    SignUpState.TURNED_DOWN: "quiet",
    SignUpState.WAITING: "wait",
}
MODE_NAMES = {
    Mode.APPROVAL: _l("The organisation chooses among those who ask"),
    Mode.FIRST_COME: _l("Who comes first gets a place"),
    Mode.LOTTERY: _l("Places are drawn by lot when sign-up closes"),
    Mode.MEMBERS_ONLY: _l("For members of the organisation"),
    Mode.WALK_IN: _l("No sign-up: just come"),
}
POOL_NAMES = {
    PoolKind.BUILDING: _l("For one building"),
    PoolKind.COMPANION: _l("Companion seats"),
    PoolKind.DESK: _l("At the desk and on the phone"),
    PoolKind.ELDERS: _l("For people of 60 and older"),
    PoolKind.GENERAL: _l("For everybody"),
    PoolKind.GRID: _l("For one grid"),
    PoolKind.NAMED: _l("For guests"),
    PoolKind.WHEELCHAIR: _l("Wheelchair places"),
}


def state_name(sign_up: SignUp, reader_id: int) -> str:
    """Where a sign-up stands, in words for the person or, beside their name, for somebody else."""
    if sign_up.state is SignUpState.REQUESTED and sign_up.roster.mode is Mode.LOTTERY:
        return str(_l("Waits for the draw"))
    if sign_up.state is SignUpState.EXPIRED and sign_up.offered_at is None:
        return str(_l("Nobody decided in time"))
    of_another = OF_ANOTHER if sign_up.person_id != reader_id else {}
    return str(of_another.get(sign_up.state, STATE_NAMES[sign_up.state]))


def desk_button(roster: Roster, *, is_full: bool, has_desk_place: bool) -> str:
    """What the desk's button does: where a lead chooses, it asks, unless a place kept for the desk is left."""
    if roster.mode is Mode.APPROVAL and not has_desk_place:
        return _("Ask the organisation for a place")
    return _("Onto the waiting list") if is_full and roster.has_waiting_list else _("Sign up")


def pool_name(pool: Pool | KeptPlaces) -> str:
    """What a pool is called: its own name, else whom its kind is for."""
    if pool.name and pool.kind in {PoolKind.BUILDING, PoolKind.GRID}:
        return str(_l("For residents of %(place)s", place=in_language(pool.name, pool.name_en)))
    return in_language(pool.name, pool.name_en) if pool.name else str(POOL_NAMES[pool.kind])


def places_said(left: Left) -> tuple[str, str]:
    """How many places there are for whoever looks, and the tone to say it in."""
    if left.mine:
        return ngettext("%(num)d place left", "%(num)d places left", left.mine), "ok"
    if left.free:
        words = ngettext(
            "%(num)d waits, free places go to them first", "%(num)d wait, free places go to them first", left.waiting
        )
        return words, "wait"
    if kept := sum(each.left for each in left.kept):
        return ngettext("%(num)d kept place left", "%(num)d kept places left", kept), "wait"
    return _("Full"), "stop"


def queue_said(left: Left, *, joins: bool = True) -> str:
    """How many wait, and at which number whoever signs up now would be."""
    if not left.waiting:
        return ""
    number = left.waiting + 1
    if left.mine or not joins or not left.has_waiting_list:
        waits = ngettext("%(num)d waits", "%(num)d wait", left.waiting)
        return "" if left.free and not left.mine else waits
    if left.free:
        return _("whoever signs up now is number %(number)s", number=number)
    return ngettext(
        "%(num)d waits; whoever signs up now is number %(number)s",
        "%(num)d wait; whoever signs up now is number %(number)s",
        left.waiting,
        number=number,
    )


def kept_said(left: Left) -> str:
    """What is kept for others, and for whom."""
    if not left.kept:
        return ""
    return _("Kept: %(what)s", what=_list_of(left.kept))


def door_said(unproved: Sequence[KeptPlaces]) -> str:
    """What is kept for where somebody says they live, and what to do to have it."""
    return _(
        "Also kept: %(what)s. They count once the desk has verified the door:"
        " please show the desk something with the address on it.",
        what=_list_of(unproved),
    )


def _list_of(kept: Sequence[KeptPlaces]) -> str:
    return _(", ").join(f"{pool_name(each)} {each.left}" for each in kept)


CHANGE_NAMES = {
    SignUpChange.APPROVED: _l("Given a place"),
    SignUpChange.CANCELLED: _l("Cancelled"),
    SignUpChange.CONFIRMED: _l("Signed up"),
    SignUpChange.DECISION_UNDONE: _l("Decision taken back"),
    SignUpChange.DECLINED: _l("Declined"),
    SignUpChange.DRAWN: _l("Drawn by lot"),
    SignUpChange.EDITED: _l("Changed"),
    SignUpChange.OFFER_ACCEPTED: _l("Took the offered place"),
    SignUpChange.OFFER_EXPIRED: _l("Ran out unanswered"),
    SignUpChange.OFFER_TURNED_DOWN: _l("Did without the offered place"),
    SignUpChange.OFFERED: _l("Offered a place"),
    SignUpChange.PROMOTED: _l("Moved up from the waiting list"),
    SignUpChange.QUEUED: _l("Put on the waiting list"),
    SignUpChange.REQUESTED: _l("Asked for a place"),
    SignUpChange.SESSION_CANCELLED: _l("Called off"),
    SignUpChange.TRANSFERRED: _l("Handed on"),
}
