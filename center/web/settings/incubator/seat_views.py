"""The seats and lockers that there are, and who has them."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import SelectField

from center.incubator.agreements import queries, terms
from center.incubator.agreements.words import SEAT_KINDS
from center.incubator.models.agreements import SeatKind
from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.web.blueprints import incubation as blueprint
from center.web.forms import CreatingForm, text_field
from center.web.sending import did, form_page, go_on, is_done


class NewSeatForm(CreatingForm):
    """One more seat or locker."""

    kind = SelectField(_l("Kind"), choices=[(each.value, words) for each, words in SEAT_KINDS.items()])
    code = text_field(_l("Number"), most=20)


@blueprint.route("/settings/incubator/seats", methods=["GET", "POST"])
@requires(Permission.DECIDE_INCUBATOR)
def seats() -> ResponseReturnValue:
    """What can be let, and one more of it."""
    form, here = NewSeatForm(), url_for("incubation.seats")
    add = lambda: terms.add_seat(SeatKind(form.kind.data), form.code.data or "", by=current_user.person)  # noqa: E731
    if is_done(form, add, then=here):
        return go_on(_("It can be let now."), here)
    return form_page(
        "settings/incubator/seats.html",
        form,
        seats=queries.seats(with_retired=True),
        taken=queries.lettings_on(local_date(clock.now())),
        kinds=SEAT_KINDS,
    )


@blueprint.post("/settings/incubator/seats/<id:seat_id>/retire")
@requires(Permission.DECIDE_INCUBATOR)
def retire_seat(seat_id: int) -> ResponseReturnValue:
    """Let a seat or a locker no more, or again."""
    seat, is_retired = queries.get_seat(seat_id), request.form.get("retired") == "1"
    said = _("It is not let any more.") if is_retired else _("It can be let now.")
    did(lambda: terms.retire_seat(seat, is_retired=is_retired, by=current_user.person, now=clock.now()), said)
    return redirect(url_for("incubation.seats"), 303)
