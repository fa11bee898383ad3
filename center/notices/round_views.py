"""Pages of a grid worker's round, made for a phone at a door."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center import clock
from center.access import Permission, requires
from center.db import transaction
from center.errors import DomainError
from center.i18n import gettext as _
from center.notices import actions, rounds
from center.notices.forms import AskForm
from center.notices.models import AskedFor
from center.notices.pages import blueprint
from center.people import looks
from center.web import id_of


@blueprint.get("/round")
@requires(Permission.WALK_ROUND)
def my_round() -> ResponseReturnValue:
    """Whom of my grid to tell what, by door."""
    mine = rounds.round_of(current_user.person, now=clock.now())
    shown = [each.notice.person for _day, visits in mine.days for each in visits]
    looks.see_doors(shown)
    looks.see_care(shown)
    return render_template("notices/round.html", round=mine)


@blueprint.post("/round/<id:delivery_id>/told")
@requires(Permission.WALK_ROUND)
def told_at_the_door(delivery_id: int) -> ResponseReturnValue:
    """They were told."""
    return _do(
        delivery_id,
        lambda visit, now: actions.tick_off(visit, by=current_user.person, now=now),
        _("Ticked off. If that was a mistake, put it back under “Done today”."),
    )


@blueprint.post("/round/<id:delivery_id>/not-met")
@requires(Permission.WALK_ROUND)
def not_met(delivery_id: int) -> ResponseReturnValue:
    """Nobody opened: it stays on the list, and the desk tries to ring."""
    tries = id_of(request.form.get("tries", "")) or 0
    return _do(
        delivery_id,
        lambda visit, now: actions.could_not_reach(visit, tries=tries, now=now),
        _("Noted. It stays on your list, and the desk tries to reach them too."),
    )


@blueprint.post("/round/<id:delivery_id>/undo")
@requires(Permission.WALK_ROUND)
def not_told_after_all(delivery_id: int) -> ResponseReturnValue:
    """That was a slip of the hand."""
    return _do(delivery_id, lambda visit, now: rounds.put_back(visit, now=now), _("It is on the list again."))


@blueprint.route("/round/<id:delivery_id>/asks", methods=["GET", "POST"])
@requires(Permission.WALK_ROUND)
def asks(delivery_id: int) -> ResponseReturnValue:
    """They were told, and ask for something."""
    visit = rounds.get_visit(delivery_id, worker=current_user.person, now=clock.now())
    form = AskForm()
    if form.validate_on_submit():
        what, note, by = AskedFor(form.what.data), form.note.data or "", current_user.person
        try:
            with transaction():
                rounds.ask(visit, what, note=note, by=by, now=clock.now())
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("Noted, and passed on to the desk. Its answer will stand below your list."), "ok")
            return redirect(url_for(".my_round"), 303)
    page = render_template("notices/round_asks.html", form=form, visit=visit)
    return page, 422 if form.error_list() else 200


def _do(delivery_id: int, act: Callable[[Any, datetime], None], said: str) -> ResponseReturnValue:
    now = clock.now()
    visit = rounds.get_visit(delivery_id, worker=current_user.person, now=now)
    try:
        with transaction():
            act(visit, now)
    except DomainError as error:
        flash(str(error), "error")
    else:
        flash(said, "ok")
    return redirect(url_for(".my_round"), 303)
