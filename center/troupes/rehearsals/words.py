"""What rehearsals, and answers to polls for a date, are called."""

from collections.abc import Mapping
from typing import Any

from center.kernel.i18n import lazy_gettext as _l
from center.troupes.rehearsals.models import Skipped
from center.troupes.rehearsals.poll_models import PollState, Vote, VotedBy

SKIPPED_NAMES: Mapping[Skipped, Any] = {
    Skipped.CHOSEN: _l("Skipped on purpose"),
    Skipped.CLOSED: _l("Skipped: the room is closed"),
    Skipped.HOLIDAY: _l("Skipped: a public holiday"),
    Skipped.RULE: _l("Skipped: the room could not be had"),
    Skipped.TAKEN: _l("Skipped: the room was taken"),
}
VOTE_NAMES: Mapping[Vote, Any] = {Vote.YES: _l("Can come"), Vote.MAYBE: _l("Perhaps"), Vote.NO: _l("Cannot come")}
VOTED_BY_NAMES: Mapping[VotedBy, Any] = {
    VotedBy.ACCOUNT: _l("answered themselves"),
    VotedBy.LEAD: _l("entered by a leader"),
    VotedBy.LINK: _l("answered by the link"),
}
POLL_STATE_NAMES: Mapping[PollState, Any] = {
    PollState.OPEN: _l("Answers are taken"),
    PollState.DECIDED: _l("The date is set"),
    PollState.CALLED_OFF: _l("The poll was called off"),
}
