"""Until when a request for a place may be decided. It ends then, and everybody can know that before."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from center.bookings.rulebook.deciding import undecided_until
from center.kernel.errors import Conflict
from center.kernel.i18n import centre_zone, format_moment
from center.kernel.i18n import lazy_gettext as _l
from center.signups.models import Mode, SignUp, SignUpState
from center.signups.queries import on_roster
from center.signups.roster_state import RosterState

LONGEST_BEFORE = timedelta(days=2)  # requests end at noon of the day before, at the earliest


def decide_by(sign_up: SignUp) -> datetime | None:
    """Until when somebody may decide about a request; None where nobody does: it is none, or places are drawn by lot.

    It follows the date it is for. A move counts as asking anew, so that nobody's request ends by it at once.
    """
    if sign_up.state is not SignUpState.REQUESTED or sign_up.roster.mode is Mode.LOTTERY:
        return None
    dates = [(each.starts_at, each.moved_at) for each in sign_up.roster.sessions if each.is_scheduled]
    return decided_until(sign_up.made_at, dates)


def decided_until(made_at: datetime, dates: Iterable[tuple[datetime, datetime | None]]) -> datetime:
    """The same of a request that was made then, for these dates in order: when each starts, and when it was moved."""
    for starts_at, moved_at in dates:
        if starts_at > made_at:
            return undecided_until(starts_at, since=max(made_at, moved_at or made_at), zone=centre_zone())
    return made_at


def is_overdue(sign_up: SignUp, *, now: datetime) -> bool:
    """Whether a request is over because nobody decided in time, tidied away or not."""
    moment = decide_by(sign_up)
    return moment is not None and moment <= now


def overdue(roster_state: RosterState, *, now: datetime) -> Sequence[SignUp]:
    """The requests on a roster that is held of which nobody decided in time, as they came."""
    soon = any(session.starts_at <= now + LONGEST_BEFORE for session in roster_state.sessions)
    if roster_state.roster.mode is not Mode.APPROVAL or not soon:
        return []
    asking = on_roster(roster_state.roster, SignUpState.REQUESTED)
    return [each for each in asking if is_overdue(each, now=now)]


class TooLateToDecide(Conflict):
    """Nobody decided about a request by its moment, `decide_by`."""

    def __init__(self, message: object, decide_by: datetime) -> None:
        super().__init__(message)
        self.decide_by = decide_by


def refuse_overdue(sign_up: SignUp, *, now: datetime) -> None:
    """Raises TooLateToDecide where a request is over because nobody decided in time."""
    if is_overdue(sign_up, now=now):
        moment = decide_by(sign_up)
        assert moment is not None
        words = _l(
            "This request was to be decided by %(when)s and is over. If there is a place, the desk can sign them up.",
            when=format_moment(moment),
        )
        raise TooLateToDecide(words, moment)
