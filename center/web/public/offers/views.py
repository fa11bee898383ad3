"""Answering the offer of a place by the link in the message."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from center.kernel import clock
from center.kernel.access import public
from center.kernel.i18n import gettext as _
from center.kernel.sealed import seal
from center.signups import rules
from center.signups.answers import facts_of_date
from center.signups.models import SignUp, SignUpState
from center.signups.offer_links import get_offer
from center.signups.roster_state import read
from center.web.blueprints import signups as blueprint
from center.web.sign_ups.pages import take_place, turn_down_place

PRIVATE = {"Cache-Control": "private, no-store"}


@blueprint.get("/offers/<offer>")
@public
def offer(offer: str) -> ResponseReturnValue:
    """The offered place, with two buttons. Once it is answered or has run out, the link says nothing of anybody: it may
    be in a chat, a browser's history or somebody else's hands.
    """
    sign_up = get_offer(offer, now=clock.now()).sign_up
    if not _is_open(sign_up):
        return render_template("public/signups/offer_over.html"), PRIVATE
    roster_state = read(sign_up.roster)
    page = render_template(
        "public/signups/offer.html",
        link=offer,
        sign_up=sign_up,
        roster_state=roster_state,
        seal=seal(facts_of_date(roster_state)),
    )
    return page, PRIVATE


@blueprint.post("/offers/<offer>/take")
@public
def take_offer(offer: str) -> ResponseReturnValue:
    """Take the place, with the whole group where it stays together."""
    found = get_offer(offer, now=clock.now())
    if _is_open(found.sign_up):
        take_place(found.sign_up, by=found.reader)
    elif found.sign_up.state is SignUpState.CONFIRMED:
        flash(_("The place is yours."), "ok")  # pressed twice
    return redirect(url_for("signups.offer", offer=offer), 303)


@blueprint.post("/offers/<offer>/leave")
@public
def leave_offer(offer: str) -> ResponseReturnValue:
    """Do without the place; it goes to the next."""
    found = get_offer(offer, now=clock.now())
    turn_down_place(found.sign_up, by=found.reader)
    return redirect(url_for("signups.offer", offer=offer), 303)


def _is_open(sign_up: SignUp) -> bool:
    """Whether the place is still on offer."""
    is_expired = rules.has_expired(sign_up.state, sign_up.offer_expires_at, now=clock.now())
    return sign_up.state is SignUpState.OFFERED and not is_expired
