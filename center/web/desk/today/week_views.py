"""The director's morning: what waits, what is due today and this week, idle rooms, and what staff did today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.audit import reading
from center.audit.reading import Press, TrailFilter
from center.feedback import complaints
from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.i18n import centre_zone, ngettext
from center.notices.queries import count_to_do_by_hand
from center.people.queries import waiting_accounts
from center.web.activities.pages import own_roles
from center.web.blueprints import desk as blueprint
from center.web.desk.today.page import ACCOUNTS_COUNTED
from center.web.desk.today.to_do import all_to_do
from center.web.desk.today.week import Week, directors_week
from center.web.desk.trail_sentences import Speaker
from center.web.incubator.filing_words import FilingWords
from center.web.rendering import render

ACTS_SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class WeekPage:
    """The week, the counts of everything that waits, complaints, and the last things that staff did today."""

    at: datetime
    week: Week
    to_do: Sequence[tuple[int, str, str]]
    complaint_count: int
    presses: Sequence[Press]
    say: Speaker
    filing_words: FilingWords


@blueprint.get("/desk/week")
@requires(Permission.DECIDE_INCUBATOR)
def week() -> ResponseReturnValue:
    """What the director is to see and to decide, today and in the days to come."""
    now = clock.now()
    found = directors_week(now)
    presses = reading.latest(TrailFilter(first=found.today), zone=centre_zone(), most=ACTS_SHOWN).presses
    page = WeekPage(
        at=now,
        week=found,
        to_do=[each for each in [*_of_people(), *all_to_do(current_user, now=now)] if each[0]],
        complaint_count=complaints.count_waiting(own_roles()),
        presses=presses,
        say=Speaker(reading.names_in(presses)),
        filing_words=FilingWords(),
    )
    return render("desk/week.html", page)


def _of_people() -> list[tuple[int, str, str]]:
    """Accounts to confirm, and people to tell by hand: the first page of the desk counts them by themselves."""
    accounts, calls = len(waiting_accounts(limit=ACCOUNTS_COUNTED)), count_to_do_by_hand()
    return [
        (accounts, "people.waiting_accounts", ngettext("account to confirm", "accounts to confirm", accounts)),
        (calls, "notices.calls", ngettext("person to tell", "people to tell", calls)),
    ]
