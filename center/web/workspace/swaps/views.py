"""Swaps of an organisation: what could be swapped for what, proposing it, and answering."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.activities.models import Session
from center.activities.queries import get_session
from center.allocation.models.swaps import Swap, SwapState
from center.allocation.swaps import actions, queries
from center.allocation.swaps.slots import Slot, is_swappable, organisation_of
from center.allocation.words import SWAP_STATES
from center.bookings.models import Booking
from center.bookings.models.series import BookingSeries
from center.bookings.queries import get_booking
from center.bookings.series.queries import get_series, live_series, series_by_booking
from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.i18n import gettext as _
from center.organisations.models import Organisation
from center.web.activities.pages import led_for
from center.web.blueprints import allocation as blueprint
from center.web.forms import asked_date
from center.web.rendering import render
from center.web.sending import did, form_page, go_on, is_done, result_of
from center.web.workspace.swaps.forms import DayForm, ProposeForm, RefuseForm

Offer = Slot | BookingSeries
MOST_DIGITS = 10
SHOWN = 25  # of the next dates, before somebody names a day
SESSION = "session-"  # before the number of a session in the address


@dataclass(frozen=True, kw_only=True)
class SwapPage:
    """One swap, for one of its two sides."""

    organisation: Organisation
    swap: Swap
    state: SwapState
    words: tuple[Any, str]
    is_ours: bool  # this organisation proposed it
    may_answer: bool
    may_withdraw: bool
    may_take_back: bool
    changed: Sequence[Slot]


@dataclass(frozen=True, kw_only=True)
class NewSwapPage:
    """What is offered, for what; and what there is to choose from."""

    organisation: Organisation
    form: ProposeForm
    day_form: DayForm
    mine: Offer | None
    theirs: Offer | None
    own: Sequence[Booking]
    own_series: Sequence[BookingSeries]
    own_sessions: Sequence[Session]
    others: Sequence[Booking]
    other_sessions: Sequence[Session]
    other_series: Sequence[BookingSeries]
    series: Mapping[int, BookingSeries] = field(default_factory=dict)
    has_more: bool = False  # later ones are shown by their day


@blueprint.get("/workspace/<organisation>/swaps")
@signed_in
def swaps(organisation: str) -> ResponseReturnValue:
    """The swaps of an organisation, those that wait first."""
    ours = led_for(organisation)
    return render_template(
        "workspace/swaps/swaps.html",
        organisation=ours,
        swaps=queries.swaps_of(ours.id),
        states=SWAP_STATES,
        now=clock.now(),
    )


@blueprint.route("/workspace/<organisation>/swaps/new", methods=["GET", "POST"])
@signed_in
def propose_swap(organisation: str) -> ResponseReturnValue:
    """First what is offered, then what is asked for, then what one says with it."""
    ours, now, form, on = led_for(organisation), clock.now(), ProposeForm(), asked_date("day")
    mine, theirs = _find(request.args.get("mine")), _find(request.args.get("theirs"))
    authorise(mine is None or (_owner_id(mine) == ours.id and _may_be_offered(mine)))
    is_alike = isinstance(theirs, BookingSeries) == isinstance(mine, BookingSeries)
    authorise(theirs is None or (mine is not None and is_alike and _may_be_asked(theirs, ours)))

    def propose() -> Swap:
        assert mine is not None
        assert theirs is not None
        return actions.propose(mine, theirs, words=form.words.data or "", by=current_user.person, now=now)

    if mine is not None and theirs is not None:
        made = result_of(form, propose, then=lambda swap: _to(ours, swap))
        if made is not None:
            return go_on(_("The swap is proposed. Nothing changes unless they agree."), _to(ours, made))
    own = queries.bookings_to_swap(ours.id, now=now, on=on) if mine is None else []
    others = queries.bookings_to_ask_for(ours.id, now=now, on=on) if mine is not None and theirs is None else []
    is_date = mine is not None and theirs is None and not isinstance(mine, BookingSeries)
    of_series = series_by_booking([each.id for each in (*own, *others)])
    page = NewSwapPage(
        organisation=ours,
        form=form,
        day_form=DayForm(request.args),
        mine=mine,
        theirs=theirs,
        own=own if on else own[:SHOWN],
        own_series=live_series(organisation_ids=[ours.id], now=now) if mine is None and on is None else [],
        own_sessions=queries.sessions_to_swap(ours.id, now=now, on=on) if mine is None else [],
        others=(others if on else others[:SHOWN]) if is_date else [],
        other_sessions=queries.sessions_to_ask_for(ours.id, now=now, on=on)[: None if on else SHOWN] if is_date else [],
        other_series=_each_once(of_series, others) if isinstance(mine, BookingSeries) else [],
        series=of_series,
        has_more=on is None and max(len(own), len(others)) > SHOWN,
    )
    return render("workspace/swaps/new.html", page), form.status


@blueprint.get("/workspace/<organisation>/swaps/<swap_number>")
@signed_in
def swap(organisation: str, swap_number: str) -> ResponseReturnValue:
    """One swap: what for what, how it stands, and what can be done."""
    ours, found = _side(organisation, swap_number)
    now = clock.now()
    state, is_ours = found.state_at(now), found.from_organisation_id == ours.id
    may_answer = state is SwapState.PROPOSED and not is_ours
    page = SwapPage(
        organisation=ours,
        swap=found,
        state=state,
        words=SWAP_STATES[state],
        is_ours=is_ours,
        may_answer=may_answer,
        may_withdraw=is_ours and state in {SwapState.PROPOSED, SwapState.WAITING},
        may_take_back=actions.may_take_back(found, now=now),
        changed=actions.changed(found) if state in {SwapState.PROPOSED, SwapState.WAITING} else [],
    )
    return render("workspace/swaps/swap.html", page)


@blueprint.post("/workspace/<organisation>/swaps/<swap_number>/agree")
@signed_in
def agree_to_swap(organisation: str, swap_number: str) -> ResponseReturnValue:
    """Agree to what the other organisation proposes."""
    ours, found = _side(organisation, swap_number)
    authorise(found.to_organisation_id == ours.id)
    did(lambda: actions.agree(found, by=current_user.person, now=clock.now()), lambda _done: _said(found))
    return redirect(_to(ours, found), 303)


@blueprint.route("/workspace/<organisation>/swaps/<swap_number>/refuse", methods=["GET", "POST"])
@signed_in
def refuse_swap(organisation: str, swap_number: str) -> ResponseReturnValue:
    """Say no, and why."""
    ours, found = _side(organisation, swap_number)
    authorise(found.to_organisation_id == ours.id)
    form = RefuseForm()
    act = lambda: actions.refuse(  # noqa: E731
        found, reason=form.reason.data or "", by=current_user.person, now=clock.now()
    )
    if is_done(form, act):
        return go_on(_("They are told. Everything stays as it was."), _to(ours, found))
    return form_page("workspace/swaps/refuse.html", form, organisation=ours, swap=found)


@blueprint.post("/workspace/<organisation>/swaps/<swap_number>/withdraw")
@signed_in
def withdraw_swap(organisation: str, swap_number: str) -> ResponseReturnValue:
    """Take a proposal back."""
    ours, found = _side(organisation, swap_number)
    authorise(found.from_organisation_id == ours.id)
    act = lambda: actions.withdraw(found, by=current_user.person, now=clock.now())  # noqa: E731
    did(act, _("The proposal is withdrawn."))
    return redirect(_to(ours, found), 303)


@blueprint.post("/workspace/<organisation>/swaps/<swap_number>/take-back")
@signed_in
def take_back_swap(organisation: str, swap_number: str) -> ResponseReturnValue:
    """Undo a swap that was a slip."""
    ours, found = _side(organisation, swap_number)
    act = lambda: actions.take_back(found, by=current_user.person, now=clock.now())  # noqa: E731
    did(act, _("The swap is undone: everybody has their own times again."))
    return redirect(_to(ours, found), 303)


def _said(found: Swap) -> str:
    if found.state is SwapState.WAITING:
        return _("You agree. One of the rooms asks for the centre's approval; until then everything stays as it was.")
    return _("Swapped. Both organisations have the other's times from now on.")


def _side(organisation: str, swap_number: str) -> tuple[Organisation, Swap]:
    """An organisation that one leads, and a swap in which it takes part; raises NotFound."""
    ours, found = led_for(organisation), queries.get_swap(swap_number)
    authorise(ours.id in {found.from_organisation_id, found.to_organisation_id})
    return ours, found


def _to(ours: Organisation, found: Swap) -> str:
    return url_for("allocation.swap", organisation=ours.slug, swap_number=found.reference)


def _find(reference: str | None) -> Offer | None:
    """A booking, a session or a series, by its number in the address; raises NotFound for one that is not there."""
    if not reference:
        return None
    if reference.startswith(SESSION):
        number = reference.removeprefix(SESSION)
        authorise(number.isascii() and number.isdecimal() and len(number) < MOST_DIGITS)
        return get_session(int(number))
    return get_series(reference) if reference.upper().startswith("S-") else get_booking(reference)


def _owner_id(offer: Offer) -> int | None:
    owner = offer.organisation if isinstance(offer, BookingSeries) else organisation_of(offer)
    return owner.id if owner else None


def _may_be_offered(offer: Offer) -> bool:
    """A session is shown as something to swap only while it is; a booking of one's own is answered by the action."""
    return not isinstance(offer, Session) or request.method == "POST" or is_swappable(offer, now=clock.now())


def _may_be_asked(offer: Offer, ours: Organisation) -> bool:
    """Whether one may know of it: another organisation's, in no confidential room."""
    if _owner_id(offer) in {None, ours.id} or offer.room is None or offer.room.is_confidential:
        return False
    if isinstance(offer, Session) and not offer.activity.is_public:
        return False
    is_sent = request.method == "POST"  # what was cancelled meanwhile is answered by the action
    return isinstance(offer, BookingSeries) or is_sent or is_swappable(offer, now=clock.now())


def _each_once(of_series: Mapping[int, BookingSeries], others: Sequence[Booking]) -> list[BookingSeries]:
    """The series of these bookings, in the order of their next dates."""
    found = {of_series[each.id].id: of_series[each.id] for each in others if each.id in of_series}
    return list(found.values())
