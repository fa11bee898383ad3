"""Rehearsals and polls in words, for every page that shows them."""

from datetime import datetime
from typing import Any

from center.kernel.i18n import format_span, local_date
from center.kernel.i18n import gettext as _
from center.troupes.rehearsals.models import Rehearsal, Skipped
from center.troupes.rehearsals.poll_models import DatePoll, PollOption, PollState, Vote
from center.troupes.rehearsals.words import POLL_STATE_NAMES, SKIPPED_NAMES, VOTE_NAMES, VOTED_BY_NAMES

VOTE_TONES = {Vote.YES: "ok", Vote.MAYBE: "wait", Vote.NO: "stop"}


class Words:
    """What templates say of rehearsals and polls."""

    votes = VOTE_NAMES
    voted_by = VOTED_BY_NAMES
    vote_tones = VOTE_TONES

    @staticmethod
    def when(each: Rehearsal) -> str:
        """When a rehearsal is; of one that is skipped, when it was to be."""
        if each.session is not None:
            return format_span(each.session.starts_at, each.session.ends_at)
        return format_span(each.starts_at, each.ends_at)

    @staticmethod
    def was(each: Rehearsal) -> str:
        """Of one that was moved: when it was planned."""
        if each.session is None or each.session.starts_at == each.starts_at:
            return ""
        return _("moved from %(when)s", when=format_span(each.starts_at, each.ends_at))

    @staticmethod
    def instead(each: Rehearsal) -> str:
        """For which one that did not take place a rehearsal makes up."""
        missed = each.makes_up_for
        return _("makes up for %(when)s", when=format_span(missed.starts_at, missed.ends_at)) if missed else ""

    @staticmethod
    def state(each: Rehearsal, now: datetime) -> tuple[Any, str]:
        """Where a rehearsal stands, and the tone of its badge."""
        if each.session is None:
            return SKIPPED_NAMES[each.skipped or Skipped.CHOSEN], "quiet"
        if not each.takes_place:
            reason = each.session.cancel_reason
            return _("Skipped: %(reason)s", reason=reason) if reason else SKIPPED_NAMES[Skipped.CHOSEN], "quiet"
        if each.session.ends_at <= now:
            return _("Over"), "quiet"
        if local_date(each.session.starts_at) != each.on_date:
            return _("On another day"), "info"
        return _("Takes place"), "ok"

    @staticmethod
    def option(each: PollOption) -> str:
        """When one of the times of a poll is."""
        return format_span(each.starts_at, each.ends_at)

    @staticmethod
    def poll_state(poll: DatePoll, now: datetime) -> tuple[Any, str]:
        """Where a poll stands, and the tone of its badge."""
        if poll.state is PollState.OPEN and now >= poll.closes_at:
            return _("No more answers: waits to be decided"), "wait"
        tones = {PollState.OPEN: "info", PollState.DECIDED: "ok", PollState.CALLED_OFF: "quiet"}
        return POLL_STATE_NAMES[poll.state], tones[poll.state]


WORDS = Words()
