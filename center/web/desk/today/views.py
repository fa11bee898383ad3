"""The first page of the desk: today."""

from dataclasses import dataclass

from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from center.kernel import clock
from center.kernel.access import Permission, requires
from center.web.blueprints import desk as blueprint
from center.web.desk.today.page import todays_board
from center.web.desk.today.to_do import all_to_do
from center.web.people.searching import SearchForm
from center.web.refreshing import whole_or_part
from center.web.rendering import piece_with_forms


@dataclass(frozen=True, kw_only=True)
class TodayPage:
    """Today for staff: what is on and next, what waits, and the search box."""

    calendar_gap: int | None
    shown: Markup
    search: SearchForm


@blueprint.get("/desk")
@requires(Permission.SEE_DESK)
def board() -> ResponseReturnValue:
    """Today for staff: now and next in each room and of each activity, what waits, and the search box."""
    now = clock.now().replace(second=0, microsecond=0)  # what was drawn of it is kept for the minute
    board, to_do = todays_board(now), all_to_do(current_user, now=now)
    context = lambda: {"board": board, "to_do": to_do}  # noqa: E731
    shown = piece_with_forms("desk/board_drawn.html", context, of=(board, to_do))
    page = TodayPage(calendar_gap=board.waiting.calendar_gap, shown=shown, search=SearchForm())
    return whole_or_part("desk/board.html", "desk/board_now.html", page)
