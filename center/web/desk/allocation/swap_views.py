"""Swaps of room times, as staff see them: all of them; and those that wait for their word."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.allocation.models.swaps import SwapState
from center.allocation.swaps import actions, queries
from center.allocation.words import SWAP_STATES
from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.i18n import gettext as _
from center.web.blueprints import allocation as blueprint
from center.web.desk.allocation.forms import ReasonForm
from center.web.sending import did, form_page, go_on, is_done


@blueprint.get("/desk/allocation/swaps")
@requires(Permission.ALLOCATE_ROOMS)
def all_swaps() -> ResponseReturnValue:
    """The swaps of all organisations, those that wait first."""
    return render_template(
        "desk/allocation/swaps.html",
        swaps=queries.all_swaps(),
        states=SWAP_STATES,
        now=clock.now(),
        waiting=SwapState.WAITING,
    )


@blueprint.post("/desk/allocation/swaps/<swap_number>/approve")
@requires(Permission.ALLOCATE_ROOMS)
def approve_swap(swap_number: str) -> ResponseReturnValue:
    """Agree to a swap; it is done at once."""
    swap = queries.get_swap(swap_number)
    act = lambda: actions.approve(swap, by=current_user.person, now=clock.now())  # noqa: E731
    did(act, _("The times are swapped, and both organisations are told."))
    return redirect(url_for(".all_swaps"), 303)


@blueprint.route("/desk/allocation/swaps/<swap_number>/decline", methods=["GET", "POST"])
@requires(Permission.ALLOCATE_ROOMS)
def decline_swap(swap_number: str) -> ResponseReturnValue:
    """Say no to a swap, and why."""
    swap, form, back = queries.get_swap(swap_number), ReasonForm(), url_for(".all_swaps")

    def act() -> None:
        actions.refuse(swap, reason=form.reason.data or "", by=current_user.person, now=clock.now(), as_staff=True)

    if is_done(form, act):
        return go_on(_("The swap is declined, and both organisations are told why."), back)
    lead = _("Both organisations keep their own times and read the reason.")
    title = _("Decline this swap")
    return form_page(
        "desk/allocation/form.html", form, title=title, lead=lead, back=back, swap=swap, press=_("Decline")
    )
