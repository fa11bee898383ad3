"""What two people look at on a day: the room, and the way from each school."""

from sqlalchemy import select

from center.afterschool.day_list.checks import ROOM, WAY
from center.afterschool.models.terms import School, SchoolHours, TermDay
from center.kernel.db import db
from center.kernel.i18n import gettext as _
from center.kernel.i18n import in_language


def places_of(day: TermDay) -> dict[str, str]:
    """The room and the ways, each with what it is called."""
    of_term = select(SchoolHours.school_id).where(SchoolHours.term_id == day.term_id)
    query = select(School).where(School.id.in_(of_term)).order_by(School.sort_key, School.id)
    ways = {
        f"{WAY}{each.id}": _("The way from %(school)s", school=in_language(each.name, each.name_en))
        for each in db.session.scalars(query)
    }
    return {ROOM: _("The room is empty"), **ways}
