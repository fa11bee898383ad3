"""Pages of timetable."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from center.access import public

blueprint = Blueprint("timetable", __name__)


@blueprint.get("/")
@public
def home() -> ResponseReturnValue:
    """Today at the centre, and the doors to everything else."""
    return render_template("timetable/home.html")


@blueprint.get("/board")
@public
def board() -> ResponseReturnValue:
    """All rooms of one day."""
    return render_template("timetable/board.html")


@blueprint.get("/rooms/<code>/week")
@public
def week(code: str) -> ResponseReturnValue:
    """Seven days of one room."""
    return render_template("timetable/week.html", code=code)
