"""Pages of waiting for a time that is taken: see what is offered, accept or decline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.bookings.models import Booking, Channel
from center.bookings.models.waiting import SlotWish, WishState
from center.bookings.policy import is_of_now
from center.bookings.waiting import wishes
from center.bookings.waiting.offers import facts_of_offer
from center.kernel import clock
from center.kernel.access import Permission, authorise, may, signed_in
from center.kernel.errors import DomainError
from center.kernel.i18n import gettext as _
from center.kernel.sealed import Outdated, looked_at, seal
from center.kernel.spans import Span
from center.web.blueprints import bookings as blueprint
from center.web.bookings import flow
from center.web.rendering import render
from center.web.sending import refusal_of, tried


@dataclass(frozen=True, kw_only=True)
class WishPage:
    """A time that somebody waits for, and what can be done about it."""

    wish: SlotWish
    is_new: bool
    is_offered: bool
    seal: str
    approval: str
    is_waiting: bool
    is_own: bool
    before: int
    answer_by: datetime
    slots: Sequence[Span]
    refused: DomainError | None


@blueprint.get("/waiting/<id:wish_id>")
@signed_in
def wish(wish_id: int) -> ResponseReturnValue:
    """What somebody waits for, or what is offered to them."""
    return _page(_seen(wish_id))


@blueprint.post("/waiting/<id:wish_id>/accept")
@signed_in
def accept_offer(wish_id: int) -> ResponseReturnValue:
    """Take what is offered."""
    offered = _own(wish_id)
    channel, now = _channel(offered), clock.now()
    seen, changed = looked_at(request.form.get("seen"), facts_of_offer(offered, channel=channel, now=now))
    if changed:
        words = _("This has changed since you opened the page. Please look at it, and press again:")
        return _page(offered, refused=Outdated(f"{words} {changed}"))

    def take() -> Booking:
        authorise(flow.is_account_open())
        return wishes.accept(offered, by=current_user.person, channel=channel, now=now, seen=seen)

    booking = tried(take)
    if isinstance(booking, DomainError):
        return _page(_seen(wish_id), refused=booking)
    return redirect(url_for("bookings.show", reference=booking.reference, new=1), 303)


@blueprint.post("/waiting/<id:wish_id>/give-up")
@signed_in
def give_up_wish(wish_id: int) -> ResponseReturnValue:
    """Decline what is offered, or wait no longer."""
    given_up = _own(wish_id)
    if error := refusal_of(lambda: wishes.give_up(given_up, now=clock.now())):
        return _page(_seen(wish_id), refused=error)
    was_offered = given_up.state is WishState.DECLINED
    flash(_("Thank you. The time goes to the next.") if was_offered else _("You wait for it no longer."), "ok")
    is_own = _is_own(given_up)
    return redirect(url_for("bookings.mine") if is_own else url_for("desk.person", person_id=given_up.person_id), 303)


def _page(shown: SlotWish, *, refused: DomainError | None = None) -> ResponseReturnValue:
    now = clock.now()
    is_over = shown.state in {WishState.EXPIRED, WishState.LAPSED, WishState.OFFERED} and not wishes.is_open(
        shown, now=now
    )
    slots = wishes.free_instead(shown, now=now) if is_over else ()
    is_offered = wishes.is_open(shown, now=now)
    facts = facts_of_offer(shown, channel=_channel(shown), now=now) if is_offered else {}
    page = render(
        "resident/bookings/wish.html",
        WishPage(
            wish=shown,
            is_new="new" in request.args,
            is_offered=is_offered,
            seal=seal(facts),
            approval=facts["waits"].words() if facts else "",
            is_waiting=shown.state is WishState.WAITING and shown.starts_at > now,
            is_own=_is_own(shown),
            before=wishes.count_before(shown) if shown.state is WishState.WAITING else 0,
            answer_by=wishes.last_offer(shown),
            slots=slots,
            refused=refused,
        ),
    )
    return page, refused.status if refused else 200


def _seen(wish_id: int) -> SlotWish:
    """The wish, if this person may see it: it is theirs, or they are staff."""
    found = wishes.get_wish(wish_id)
    authorise(_is_own(found) or may(Permission.SEE_BOOKINGS))
    return found


def _own(wish_id: int) -> SlotWish:
    """The wish, if this person may answer for it."""
    found = wishes.get_wish(wish_id)
    authorise(_is_own(found) or may(Permission.BOOK_FOR_ANYONE))
    return found


def _channel(wish: SlotWish) -> Channel:
    return Channel.ONLINE if _is_own(wish) else Channel.DESK


def _is_own(wish: SlotWish) -> bool:
    """Whether it is this person's own, or that of an organisation they lead now."""
    return is_of_now(wish, current_user.person, now=clock.now())
