"""The code of the day: whoever collects shows or says it, and is on the list."""

from dataclasses import dataclass
from datetime import date, datetime

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from center.afterschool.collectors.bars import is_kept_away
from center.afterschool.models.plans import PickUpCode
from center.afterschool.plans import codes, day_plans
from center.kernel import clock
from center.kernel.access import signed_in
from center.kernel.errors import RuleBroken
from center.kernel.i18n import centre_zone
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person
from center.web.blueprints import children as blueprint
from center.web.qr import qr_code
from center.web.rendering import render
from center.web.resident.children.own_child import own_child_read, places_of
from center.web.sending import did


@dataclass(frozen=True, kw_only=True)
class CodePage:
    """The code of a child for today, if there is one, and what it is worth."""

    child: Person
    on: date
    is_a_day: bool  # whether the child's term takes place today
    row: PickUpCode | None
    is_locked: bool
    is_kept_away: bool  # whoever looks may not collect the child
    code: str
    square: Markup | None


@blueprint.get("/children/<id:person_id>/code")
@signed_in
def code(person_id: int) -> ResponseReturnValue:
    """Today's code in large letters and as a square, once it was asked for."""
    child, on = own_child_read(person_id), clock.today(centre_zone())
    row = codes.find(child.id, on)
    is_locked = row is not None and row.tries >= codes.MOST_TRIES
    away = is_kept_away(current_user.person, child, now=clock.now())
    shown = codes.code_in(row) if row is not None and row.used_at is None and not (is_locked or away) else ""
    page = CodePage(
        child=child,
        on=on,
        is_a_day=_is_a_day(child, on),
        row=row,
        is_kept_away=away,
        is_locked=is_locked,
        code=codes.spaced(shown) if shown else "",
        square=qr_code(codes.PREFIX + shown, is_sized=False) if shown else None,
    )
    return render("resident/children/code.html", page)


@blueprint.post("/children/<id:person_id>/code")
@signed_in
def make_code(person_id: int) -> ResponseReturnValue:
    """Ask for today's code."""
    child, on, now = own_child_read(person_id), clock.today(centre_zone()), clock.now()
    did(lambda: _made(child, on, is_new=False, by=current_user.person, now=now))
    return redirect(url_for("children.code", person_id=child.id), 303)


@blueprint.post("/children/<id:person_id>/code/renew")
@signed_in
def renew_code(person_id: int) -> ResponseReturnValue:
    """Another code in place of one that somebody else has seen."""
    child, on, now = own_child_read(person_id), clock.today(centre_zone()), clock.now()
    did(
        lambda: _made(child, on, is_new=True, by=current_user.person, now=now),
        _("There is a new code. The one before counts no more."),
    )
    return redirect(url_for("children.code", person_id=child.id), 303)


def _made(child: Person, on: date, *, is_new: bool, by: Person, now: datetime) -> None:
    if not _is_a_day(child, on):
        raise RuleBroken(_l("The programme does not take place on this day."))
    make = codes.renew if is_new else codes.code_of
    make(child, on, by=by, now=now)


def _is_a_day(child: Person, on: date) -> bool:
    return any(day_plans.find_day(each.term_id, on) is not None for each in places_of(child))
