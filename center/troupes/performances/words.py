"""What states, answers and readiness of performances are called."""

from collections.abc import Mapping
from typing import Any

from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.troupes.performances.models import PerformanceState
from center.troupes.performances.readiness import Answer, Stands
from center.troupes.performances.reply_models import SaidBy
from center.troupes.performances.timing import Length, clock

STATE_NAMES: Mapping[PerformanceState, Any] = {
    PerformanceState.PREPARING: _l("In preparation"),
    PerformanceState.PIECES_SET: _l("Pieces are set"),
    PerformanceState.CAST_SET: _l("Performers are set"),
    PerformanceState.PUBLISHED: _l("Programme is public"),
    PerformanceState.PERFORMED: _l("Performed"),
    PerformanceState.CANCELLED: _l("Cancelled"),
}
ANSWER_NAMES: Mapping[Answer, Any] = {
    Answer.COMING: _l("Comes"),
    Answer.UNSURE: _l("Not sure yet"),
    Answer.NOT_COMING: _l("Is not coming"),
}
OWN_ANSWERS: Mapping[Answer, Any] = {
    Answer.COMING: _l("I come"),
    Answer.UNSURE: _l("I do not know yet"),
    Answer.NOT_COMING: _l("I do not come"),
}
STANDS_NAMES: Mapping[Stands, Any] = {
    Stands.READY: _l("Can be played"),
    Stands.WAITS: _l("Waits for answers"),
    Stands.SHORT: _l("Somebody is missing"),
}
SAID_BY_NAMES: Mapping[SaidBy, Any] = {
    SaidBy.ACCOUNT: _l("said so themselves"),
    SaidBy.LEAD: _l("entered for them"),
    SaidBy.LINK: _l("said so by their link"),
}


def say_length(length: Length) -> str:
    """How long a programme is, and how that stands to its slot."""
    facts = {"length": clock(length.seconds), "slot": clock(length.slot)}
    if length.fits:
        return _("%(length)s of %(slot)s minutes; %(left)s left", left=clock(length.left), **facts)
    return _("%(length)s of %(slot)s minutes; %(over)s too long", over=clock(-length.left), **facts)
