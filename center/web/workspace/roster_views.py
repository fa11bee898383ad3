"""The roster of an activity for its lead: who comes, who asks, and how many places there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.activities import policy as activity_policy
from center.activities.models import Activity
from center.kernel import clock
from center.kernel.access import signed_in
from center.kernel.access_log import Kind
from center.kernel.errors import DomainError
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.texts import register
from center.notices.telling import HowTold
from center.signups import decisions, news, rules
from center.signups.changing.words import EVENTS, changes_of
from center.signups.deciding import decide_by
from center.signups.history import roster_history
from center.signups.lottery.actions import draw_lots
from center.signups.lottery.queries import draws_of
from center.signups.messages import how_told
from center.signups.models import HOLDING, Pool, PoolKind, Roster, SignUp, SignUpState
from center.signups.models.history import RosterEvent
from center.signups.models.lottery import Draw
from center.signups.posting import queries as posting_queries
from center.signups.queries import Counts, count_on, counts_of
from center.signups.roster_state import read
from center.signups.rosters import rosters_of
from center.web.activities.pages import decided, decided_sign_up, edited, led_ids, roster_of
from center.web.activities.request_list import list_after, list_args, list_at
from center.web.blueprints import posting as blueprint
from center.web.people import looks
from center.web.ready_reasons import OneReasonForm
from center.web.rendering import render
from center.web.sending import did, go_on, is_done, next_below, tried
from center.web.workspace.roster_forms import kinds_for

ONLY = {
    "requested": (_l("To decide"), (SignUpState.REQUESTED,)),
    "waiting": (_l("On the waiting list"), (SignUpState.WAITING,)),
    "seated": (_l("With a place"), HOLDING),
}


class DeclineForm(OneReasonForm):
    """Why somebody gets no place."""

    group = "sign_up"
    sentences = register(
        group,
        {
            "full": _l("There are more people than places this time. Please look for another date."),
            "came_before": _l("This time those come first who have not been yet."),
            "not_for": _l("It is meant for other people: please read once more whom it is for."),
            "health": _l("We worry that it could be too hard for you. Please ask us what would suit you."),
            "answers": _l("Something is missing in your answers. Please sign up again and fill them in."),
        },
    )


@dataclass(frozen=True, kw_only=True)
class RosterPage:
    """Who comes and who asks, how many places there are, and what was changed."""

    activity: Activity
    roster: Roster
    left: Counts
    sign_ups: Sequence[SignUp]
    decide_by: Mapping[int, datetime | None]
    listed: str
    all: int
    narrower: Sequence[tuple[str, Any, int]]
    args: Mapping[str, Any]
    reached: HowTold
    missing: Sequence[PoolKind]
    named: Sequence[Pool]
    draw: Draw | None
    entries: int
    is_closed: bool
    changes: Sequence[tuple[RosterEvent, Any, Sequence[tuple[str, str, str]]]]
    may_decide: bool
    has_other_dates: bool
    just_decided: Sequence[SignUp]


@blueprint.get("/workspace/activities/<slug>/rosters/<id:roster_id>")
@signed_in
def roster(slug: str, roster_id: int) -> ResponseReturnValue:
    """Who comes, what they answered, and where each stands; never where they live, and no whole phone number."""
    activity = edited(slug)
    found, now = roster_of(activity, roster_id), clock.now()
    everybody, only = posting_queries.roll_of(found), roll_args().get("only", "")
    sign_ups = [each for each in everybody if not only or each.state in ONLY[only][1]]
    undecided = [each for each in sign_ups if each.state in {SignUpState.REQUESTED, SignUpState.WAITING}]
    shut = rules.shut_because(read(found).window, now=now, as_staff=True)
    is_over = shut in {rules.Shut.CALLED_OFF, rules.Shut.OVER}
    may_decide = not is_over and activity_policy.may_decide(activity, current_user, led_ids())
    looks.see(Kind.ROLL, [each.person for each in sign_ups], subject=activity.title)
    return render(
        "workspace/posting/roster.html",
        RosterPage(
            activity=activity,
            roster=found,
            left=counts_of([found.id])[found.id],
            sign_ups=sign_ups,
            decide_by={each.id: decide_by(each) for each in sign_ups},
            listed=only,
            all=len(everybody),
            narrower=_narrower(everybody),
            args=roll_args(),
            reached=how_told(undecided, news.APPROVED, now=now),
            missing=kinds_for(found),
            named=[pool for pool in found.pools if pool.kind is PoolKind.NAMED and pool.left],
            draw=draws_of([found.id]).get(found.id),
            entries=count_on([found.id], SignUpState.REQUESTED).get(found.id, 0),
            is_closed=found.closes_at is not None and found.closes_at <= now,
            changes=[(each, EVENTS[each.what], changes_of(each)) for each in roster_history(found)],
            may_decide=may_decide,
            has_other_dates=len(rosters_of(activity)) > 1,
            just_decided=decisions.just_decided(found, by=current_user.person, now=now) if may_decide else [],
        ),
    )


@blueprint.post("/workspace/sign-ups/<reference>/approve")
@signed_in
def approve(reference: str) -> ResponseReturnValue:
    """Give a place to somebody who asked."""
    sign_up = decided_sign_up(reference)
    back = roster_after(sign_up)
    name = sign_up.person.name
    did(
        lambda: decisions.approve(sign_up, by=current_user.person, now=clock.now()),
        _("%(name)s has a place.", name=name),
    )
    return redirect(back, 303)


@blueprint.route("/workspace/sign-ups/<reference>/decline", methods=["GET", "POST"])
@signed_in
def decline(reference: str) -> ResponseReturnValue:
    """Refuse somebody who asked, with a reason they will read."""
    sign_up = decided_sign_up(reference)
    form, back = DeclineForm(), roster_after(sign_up)
    if is_done(form, lambda: decisions.decline(sign_up, reason=form.words, by=current_user.person, now=clock.now())):
        return go_on(_("It is declined. They read your reason."), back)
    page = render_template(
        "workspace/posting/decline.html",
        sign_up=sign_up,
        activity=sign_up.roster.activity,
        reached=how_told([sign_up], news.DECLINED, now=clock.now()),
        form=form,
        back=_at(sign_up, sign_up.reference),
    )
    return page, form.status


@blueprint.post("/workspace/sign-ups/<reference>/take-back")
@signed_in
def take_back(reference: str) -> ResponseReturnValue:
    """Take back what one decided this minute about somebody who asked or waits."""
    sign_up = decided_sign_up(reference)
    undone = tried(lambda: decisions.take_back(sign_up, by=current_user.person, now=clock.now()))
    if isinstance(undone, DomainError):
        flash(str(undone), "error")
    else:
        flash(_("Taken back: %(name)s asks or waits as before.", name=sign_up.person.name), "ok")
        if undone and undone.passed_on:
            names = _(", ").join(each.person.name for each in undone.passed_on)
            flash(_("A place was offered or given to %(names)s meanwhile, and stays theirs.", names=names), "ok")
    return redirect(_at(sign_up, reference), 303)


def _narrower(everybody: Sequence[SignUp]) -> list[tuple[str, Any, int]]:
    """By what the roll can be narrowed, and how many that would list."""
    counted = ((name, label, sum(each.state in states for each in everybody)) for name, (label, states) in ONLY.items())
    return [each for each in counted if each[-1]]


def roster_after(sign_up: SignUp) -> str:
    """The roster, or the list one came from, at whom to decide about next once it is decided about this one."""
    if list_args():
        return list_after(sign_up.reference)
    undecided = (SignUpState.REQUESTED, SignUpState.WAITING)
    wanted = ONLY[roll_args()["only"]][1] if roll_args() else undecided
    roll = posting_queries.roll_of(sign_up.roster)
    listed = [each.reference for each in roll if each.state in undecided and each.state in wanted]
    return _at(sign_up, next_below(listed, {sign_up.reference}))


def _at(sign_up: SignUp, reference: str) -> str:
    """The roster of a sign-up, or the list one came from, at the one with this reference."""
    if list_args():
        return list_at(reference)
    anchor = f"sign-up-{reference}" if reference else None
    slug = sign_up.roster.activity.slug
    return url_for("posting.roster", slug=slug, roster_id=sign_up.roster_id, _anchor=anchor, **roll_args())


def roll_args() -> dict[str, Any]:
    """Whom of the roll to list, as it stands in addresses; nothing for everybody."""
    only = request.args.get("only", "")
    return {"only": only} if only in ONLY else {}


@blueprint.post("/workspace/activities/<slug>/rosters/<id:roster_id>/draw")
@signed_in
def draw_now(slug: str, roster_id: int) -> ResponseReturnValue:
    """Draw a lottery whose sign-up has closed, without waiting for the site to do it."""
    roster = roster_of(decided(slug), roster_id)
    draw = lambda: draw_lots(roster, by=current_user.person, now=clock.now())  # noqa: E731
    if did(draw, _("It is drawn. Everybody who took part is told.")):
        return redirect(url_for("activities.draw", slug=slug, roster_id=roster_id), 303)
    return redirect(url_for("posting.roster", slug=slug, roster_id=roster_id), 303)
