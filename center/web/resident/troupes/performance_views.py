"""Performances for a member of a troupe: whether I come, what I am in, when I am needed; and my name in programmes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.activities.models import Session
from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.troupes.models.troupes import MemberState, Troupe, TroupeMember
from center.troupes.performances import queries, rehearsal_calls, replies
from center.troupes.performances.models import AHEAD, Performance, Programme
from center.troupes.performances.reply_models import Reply, SaidBy
from center.troupes.performances.words import OWN_ANSWERS
from center.web.blueprints import troupes as blueprint
from center.web.forms import BaseForm, text_field
from center.web.rendering import render
from center.web.sending import form_page, go_on, is_done
from center.web.troupes.pages import own_member
from center.web.troupes.performance_words import PLAYS, Plays
from center.web.troupes.reply_form import OwnReplyForm


class StageNameForm(BaseForm):
    """Under which name one stands in programmes that everybody reads."""

    name = text_field(
        _l("Name in public programmes"),
        most=40,
        required=False,
        hint=_l("Your own name or a stage name. Leave it empty: then you are only counted."),
    )


@dataclass(frozen=True, kw_only=True)
class OwnPerformancesPage:
    """What is ahead in one's troupe, with one's own answers."""

    troupe: Troupe
    member: TroupeMember
    ahead: Sequence[tuple[Performance, Reply | None]]
    stage_name: str
    plays: Plays = field(default_factory=lambda: PLAYS)


@dataclass(frozen=True, kw_only=True)
class OwnPerformancePage:
    """One performance, as one member sees it."""

    troupe: Troupe
    performance: Performance
    member: TroupeMember
    programme: Programme | None
    reply: Reply | None
    call: datetime | None
    rehearsals: Sequence[tuple[Session, datetime, datetime]]
    is_open: bool
    form: OwnReplyForm
    plays: Plays = field(default_factory=lambda: PLAYS)


@blueprint.get("/me/troupes/<slug>/performances")
@signed_in
def my_performances(slug: str) -> ResponseReturnValue:
    """What is ahead, and what I answered."""
    member = _inside(slug)
    ahead = queries.ahead_of([member.id], now=clock.now())
    answered = [(each, queries.replies_to(each).get(member.id)) for each in ahead]
    name = queries.stage_names([member.id]).get(member.id, "")
    page = OwnPerformancesPage(troupe=member.troupe, member=member, ahead=answered, stage_name=name)
    return render("resident/troupes/performances.html", page)


@blueprint.route("/me/troupes/<slug>/performances/<id:performance_id>", methods=["GET", "POST"])
@signed_in
def my_performance(slug: str, performance_id: int) -> ResponseReturnValue:
    """Say whether I come; the programme once it is public, when I am to be there, and at which rehearsals."""
    member, now = _inside(slug), clock.now()
    found = queries.get_performance(member.troupe, performance_id)
    published = queries.published_of(found.id)
    authorise(found.asked_at is not None or published is not None)
    reply = queries.replies_to(found).get(member.id)
    form = OwnReplyForm(
        names=OWN_ANSWERS, data={"answer": reply.answer.value, "reason": reply.reason} if reply else None
    )

    def answer() -> Reply:
        by = current_user.person
        return replies.answer(found, member, form.said(), form.reason.data or "", how=SaidBy.ACCOUNT, by=by, now=now)

    if is_done(form, answer):
        here = url_for("troupes.my_performance", slug=slug, performance_id=found.id)
        return go_on(_("Thank you. You can change your answer until the performance begins."), here)
    page = OwnPerformancePage(
        troupe=member.troupe,
        performance=found,
        member=member,
        programme=published,
        reply=reply,
        call=PLAYS.call(found, published, member.id) if published else None,
        rehearsals=_rehearsals(found, member, now),
        is_open=found.state in AHEAD and found.session.starts_at > now,
        form=form,
    )
    return render("resident/troupes/performance.html", page), form.exact_status


@blueprint.route("/me/troupes/<slug>/stage-name", methods=["GET", "POST"])
@signed_in
def stage_name(slug: str) -> ResponseReturnValue:
    """Agree to stand in public programmes under a name, or take that back."""
    member = _inside(slug)
    form = StageNameForm(data={"name": queries.stage_names([member.id]).get(member.id, "")})
    keep = lambda: replies.set_stage_name(member, form.name.data or "", by=current_user.person, now=clock.now())  # noqa: E731
    if is_done(form, keep):
        return go_on(_("Saved."), url_for("troupes.my_performances", slug=slug))
    return form_page("resident/troupes/stage_name.html", form, troupe=member.troupe)


def _inside(slug: str) -> TroupeMember:
    member = own_member(slug)
    authorise(member.state is not MemberState.APPLIED)
    return member


def _rehearsals(
    performance: Performance, member: TroupeMember, now: datetime
) -> list[tuple[Session, datetime, datetime]]:
    sessions = rehearsal_calls.rehearsals_before(performance, now=now)
    kept = rehearsal_calls.kept(performance, queries.newest_of(performance.id), sessions)
    return rehearsal_calls.calls_of(kept, sessions, member.id)
