"""The pages of an organisation's wishes: named in steps, in order, copied from last term; and what became of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.allocation.models import AllocationRound, RoundState, TermWish, WeeklyTime
from center.allocation.publishing.explaining import Result, left_for, result_of
from center.allocation.rounds import queries
from center.allocation.wishes import actions
from center.allocation.wishes.queries import get_wish
from center.allocation.wishes.queries import own_wishes as wishes_in
from center.allocation.words import BECAUSE, CRITERIA, STATES
from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.i18n import gettext as _
from center.kernel.i18n import ngettext
from center.organisations.models import Organisation
from center.web.activities.pages import led_for
from center.web.blueprints import allocation as blueprint
from center.web.rendering import render
from center.web.sending import did
from center.web.workspace.term_wishes.steps import WishSteps, equipment_in


@dataclass(frozen=True, kw_only=True)
class WishesPage:
    """An organisation's wishes in a round, and what became of them."""

    organisation: Organisation
    found: AllocationRound
    wishes: Sequence[TermWish]
    is_open: bool
    may_add: bool
    may_copy: bool
    result: Result | None
    left: Mapping[int, Sequence[WeeklyTime]]
    named: Callable[[TermWish], str]  # the equipment that a wish needs
    because: Mapping[Any, Any] = field(default_factory=lambda: BECAUSE)
    criteria: Mapping[Any, Any] = field(default_factory=lambda: CRITERIA)


@blueprint.get("/workspace/<organisation>/term-wishes")
@signed_in
def own_rounds(organisation: str) -> ResponseReturnValue:
    """The rounds in which the organisation can wish or has wished."""
    found, now = led_for(organisation), clock.now()
    rounds = queries.shown_rounds()
    open_now = [each for each in rounds if each.takes_wishes(now)]
    return render_template(
        "workspace/term_wishes/rounds.html", organisation=found, rounds=rounds, states=STATES, open_now=open_now
    )


@blueprint.get("/workspace/<organisation>/term-wishes/<term>")
@signed_in
def own_wishes(organisation: str, term: str) -> ResponseReturnValue:
    """What the organisation wishes of one term, and once it is published, what it got and why."""
    ours, found = led_for(organisation), _shown(term)
    now = clock.now()
    result = result_of(found) if found.state is RoundState.PUBLISHED else None
    wishes = wishes_in(found, ours.id)
    is_open, equipment = found.takes_wishes(now), equipment_in(queries.times_of(found))
    without = [each for each in wishes if result and each.reference not in result.given]
    page = WishesPage(
        organisation=ours,
        found=found,
        wishes=wishes,
        is_open=is_open,
        may_add=is_open and len(wishes) < actions.MOST_WISHES,
        may_copy=is_open and not wishes and _has_earlier(found, ours),
        result=result,
        named=lambda wish: _(", ").join(equipment.get(each, each) for each in sorted(wish.needed)),
        left={each.id: left_for(result, each, now=now) for each in without if result},
    )
    return render("workspace/term_wishes/wishes.html", page)


@blueprint.get("/workspace/<organisation>/term-wishes/<term>/new")
@signed_in
def new_wish(organisation: str, term: str) -> ResponseReturnValue:
    """To the first question of a new wish."""
    return WishSteps(_shown(term), led_for(organisation)).start()


@blueprint.route("/workspace/<organisation>/term-wishes/<term>/new/<step>", methods=["GET", "POST"])
@signed_in
def name_wish(organisation: str, term: str, step: str) -> ResponseReturnValue:
    """A question of a new wish."""
    return WishSteps(_shown(term), led_for(organisation)).answer(step)


@blueprint.get("/workspace/<organisation>/term-wishes/<term>/<wish_number>/change")
@signed_in
def edit_wish(organisation: str, term: str, wish_number: str) -> ResponseReturnValue:
    """To the first question of a wish that is there."""
    ours, found, wish = _own(organisation, term, wish_number)
    return WishSteps(found, ours, wish).start()


@blueprint.route("/workspace/<organisation>/term-wishes/<term>/<wish_number>/change/<step>", methods=["GET", "POST"])
@signed_in
def change_wish(organisation: str, term: str, wish_number: str, step: str) -> ResponseReturnValue:
    """A question of a wish that is there."""
    ours, found, wish = _own(organisation, term, wish_number)
    return WishSteps(found, ours, wish).answer(step)


@blueprint.post("/workspace/<organisation>/term-wishes/<term>/<wish_number>/withdraw")
@signed_in
def withdraw_wish(organisation: str, term: str, wish_number: str) -> ResponseReturnValue:
    """Take a wish back."""
    _ours, _found, wish = _own(organisation, term, wish_number)
    did(lambda: actions.withdraw_wish(wish, by=current_user.person, now=clock.now()), _("The wish is taken back."))
    return _to_wishes(organisation, term)


@blueprint.post("/workspace/<organisation>/term-wishes/<term>/<wish_number>/first")
@signed_in
def put_wish_first(organisation: str, term: str, wish_number: str) -> ResponseReturnValue:
    """Let a wish matter most."""
    _ours, _found, wish = _own(organisation, term, wish_number)
    did(lambda: actions.put_first(wish, now=clock.now()), _("This wish is your first now."))
    return _to_wishes(organisation, term)


@blueprint.post("/workspace/<organisation>/term-wishes/<term>/copy")
@signed_in
def copy_wishes(organisation: str, term: str) -> ResponseReturnValue:
    """Name last term's wishes again."""
    ours, found = led_for(organisation), _shown(term)
    did(
        lambda: actions.copy_last(found, ours, by=current_user.person, now=clock.now()),
        lambda n: ngettext("%(num)d wish is copied. Look at it.", "%(num)d wishes are copied. Look at them.", n),
    )
    return _to_wishes(organisation, term)


def _to_wishes(organisation: str, term: str) -> ResponseReturnValue:
    return redirect(url_for(".own_wishes", organisation=organisation, term=term), 303)


def _shown(term: str) -> AllocationRound:
    found = queries.get_round(term)
    authorise(found.state in queries.SHOWN)
    return found


def _own(organisation: str, term: str, wish_number: str) -> tuple[Organisation, AllocationRound, TermWish]:
    ours, found, wish = led_for(organisation), _shown(term), get_wish(wish_number)
    authorise(wish.round_id == found.id and wish.organisation_id == ours.id)
    return ours, found, wish


def _has_earlier(found: AllocationRound, ours: Organisation) -> bool:
    before = queries.round_before(found)
    return before is not None and bool(wishes_in(before, ours.id))
