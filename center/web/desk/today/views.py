"""The first page of the desk: today."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.access import Permission, requires
from center.web.blueprints import desk as blueprint
from center.web.desk.today.page import Board, todays_board
from center.web.desk.today.to_do import all_to_do
from center.web.people.searching import SearchForm
from center.web.refreshing import whole_or_part


@dataclass(frozen=True, kw_only=True)
class TodayPage:
    """Today for staff: what is on and next, what waits, and the search box."""

    board: Board
    to_do: Sequence[tuple[int, str, str]]
    search: SearchForm


@blueprint.get("/desk")
@requires(Permission.SEE_DESK)
def board() -> ResponseReturnValue:
    """Today for staff: now and next in each room and of each activity, what waits, and the search box."""
    now = clock.now()
    page = TodayPage(board=todays_board(now), to_do=all_to_do(current_user, now=now), search=SearchForm())
    return whole_or_part("desk/board.html", "desk/board_now.html", page)
