"""Pages of a grid worker's round, made for a phone at a door."""

from collections.abc import Callable, Sequence
from datetime import datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.attendance.reminded import reminded_by
from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.i18n import gettext as _
from center.notices import actions, rounds, showing
from center.notices.calling import act_on_all, read_also
from center.notices.models import AskedFor, Delivery
from center.web.blueprints import notices as blueprint
from center.web.forms import id_of
from center.web.notices.forms import AskForm
from center.web.people import looks
from center.web.sending import did, form_page, go_on, is_done


@blueprint.get("/desk/round")
@requires(Permission.WALK_ROUND)
def my_round() -> ResponseReturnValue:
    """Whom of my grid to tell what, by door."""
    mine = rounds.round_of(current_user.person, now=clock.now())
    shown = [each.person for _day, stops in mine.days for each in stops]
    looks.see_doors(shown)
    looks.see_care(shown)
    reminded = reminded_by(current_user.person, now=clock.now())
    return render_template("desk/notices/round.html", round=mine, reminded=reminded)


@blueprint.post("/desk/round/<id:delivery_id>/told")
@requires(Permission.WALK_ROUND)
def told_at_the_door(delivery_id: int) -> ResponseReturnValue:
    """They were told."""
    return _do(
        delivery_id,
        lambda visit, _tries, now: actions.tick_off(visit, by=current_user.person, now=now),
        _("Ticked off. If that was a mistake, put it back under “Done today”."),
    )


@blueprint.post("/desk/round/<id:delivery_id>/not-met")
@requires(Permission.WALK_ROUND)
def not_met(delivery_id: int) -> ResponseReturnValue:
    """Nobody opened: it stays on the list, and the desk tries to ring."""
    return _do(
        delivery_id,
        lambda visit, tries, now: actions.could_not_reach(visit, tries=tries, now=now),
        _("Noted. It stays on your list, and the desk tries to reach them too."),
    )


@blueprint.post("/desk/round/<id:delivery_id>/undo")
@requires(Permission.WALK_ROUND)
def not_told_after_all(delivery_id: int) -> ResponseReturnValue:
    """That was a slip of the hand."""
    return _do(delivery_id, lambda visit, _tries, now: rounds.put_back(visit, now=now), _("It is on the list again."))


@blueprint.route("/desk/round/<id:delivery_id>/asks", methods=["GET", "POST"])
@requires(Permission.WALK_ROUND)
def asks(delivery_id: int) -> ResponseReturnValue:
    """They were told all there is, and ask for something about one thing of it."""
    also = read_also(request.args.get("also", ""))
    visits = rounds.get_visits(delivery_id, also, worker=current_user.person, now=clock.now())
    form = AskForm()
    form.offer([(each.id, showing.subject(each.notice)) for each in visits])
    if is_done(form, lambda: _ask(form, visits, now=clock.now())):
        return go_on(
            _("Noted, and passed on to the desk. Its answer will stand below your list."), url_for(".my_round")
        )
    return form_page("desk/notices/round_asks.html", form, visit=visits[0], visits=visits)


def _ask(form: AskForm, visits: Sequence[Delivery], *, now: datetime) -> None:
    by = current_user.person
    visit = next(each for each in visits if each.id == form.about.data)
    rounds.ask(visit, AskedFor(form.what.data), note=form.note.data or "", by=by, now=now)
    act_on_all([(each, 0) for each in visits], lambda each, _tries: actions.tick_off(each, by=by, now=now))


def _do(delivery_id: int, act: Callable[[Delivery, int, datetime], None], said: str) -> ResponseReturnValue:
    """Do it with a line of the round and with what the same person is told in one go."""
    now, also = clock.now(), read_also(request.form.get("also", ""))
    visits = rounds.get_visits(delivery_id, also, worker=current_user.person, now=now)
    tries = [id_of(request.form.get("tries", "")) or 0, *(each for _number, each in also)]
    did(lambda: act_on_all(list(zip(visits, tries, strict=True)), lambda visit, before: act(visit, before, now)), said)
    return redirect(url_for(".my_round"), 303)
