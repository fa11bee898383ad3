"""Who comes to a performance, for those who lead the troupe: asked, answered, entered for somebody, by a link."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.access import signed_in
from center.kernel.access_log import Kind
from center.kernel.i18n import gettext as _
from center.kernel.i18n import local_date, ngettext
from center.notices.models import Way
from center.notices.words import WAY_NAMES
from center.troupes import queries as troupe_queries
from center.troupes.models.troupes import MemberState, Troupe, TroupeMember
from center.troupes.performances import messages, queries, replies
from center.troupes.performances.models import AHEAD, Performance
from center.troupes.performances.programme_now import programme_now
from center.troupes.performances.readiness import Answer
from center.troupes.performances.reply_models import Reply, SaidBy
from center.web.blueprints import troupes as blueprint
from center.web.people import looks
from center.web.qr import qr_code
from center.web.rendering import render
from center.web.sending import did, go_on, is_done
from center.web.troupes.pages import led
from center.web.troupes.performance_words import PLAYS, Plays
from center.web.troupes.reply_form import ReplyForm
from center.web.workspace.troupes.performance_forms import AskForm


@dataclass(frozen=True, kw_only=True)
class RepliesPage:
    """Everybody who is asked, with what they answered."""

    troupe: Troupe
    performance: Performance
    members: Sequence[TroupeMember]
    replies: Mapping[int, Reply]
    counts: Mapping[Answer | None, int]
    asked: Mapping[int, tuple[datetime, Way | None]]  # by the person's id
    is_open: bool
    form: AskForm
    ways: Mapping[Way, object] = field(default_factory=lambda: WAY_NAMES)
    plays: Plays = field(default_factory=lambda: PLAYS)


@blueprint.route("/workspace/troupes/<slug>/performances/<id:performance_id>/replies", methods=["GET", "POST"])
@signed_in
def performance_replies(slug: str, performance_id: int) -> ResponseReturnValue:
    """Ask until when they answer, and read what they said."""
    troupe, now = led(slug), clock.now()
    found = queries.get_performance(troupe, performance_id)
    usual = min(local_date(now) + timedelta(days=7), found.session.local_day)
    form = AskForm(data={"until": found.reply_until or usual})
    here = url_for("troupes.performance_replies", slug=slug, performance_id=found.id)
    asked: list[int] = []

    def ask() -> None:
        asked.append(replies.ask(found, form.until.data, again=form.again.data, by=current_user.person, now=now))

    if is_done(form, ask):
        return go_on(ngettext("%(num)d member is asked.", "%(num)d members are asked.", asked[0]), here)
    standing = programme_now(found, queries.newest_of(found.id))
    looks.see(Kind.ROLL, [each.person for each in standing.members.values()], subject=troupe.name)
    page = RepliesPage(
        troupe=troupe,
        performance=found,
        members=[each for each in standing.members.values() if each.state is not MemberState.LEFT],
        replies=standing.replies,
        counts=standing.counts(),
        asked=messages.asked_on(found),
        is_open=found.state in AHEAD and found.session.starts_at > now,
        form=form,
    )
    return render("workspace/troupes/replies.html", page), form.status


@blueprint.route(
    "/workspace/troupes/<slug>/performances/<id:performance_id>/replies/<id:member_id>", methods=["GET", "POST"]
)
@signed_in
def enter_reply(slug: str, performance_id: int, member_id: int) -> ResponseReturnValue:
    """Write down what a member said (代答); it is marked so, and they hear of it."""
    troupe, now = led(slug), clock.now()
    found, member = queries.get_performance(troupe, performance_id), troupe_queries.get_member(troupe, member_id)
    known = queries.replies_to(found).get(member.id)
    form = ReplyForm(data={"answer": known.answer.value, "reason": known.reason} if known else None)
    looks.see(Kind.ROLL, [member.person], subject=troupe.name)

    def enter() -> Reply:
        said, by = form.said(), current_user.person
        return replies.answer(found, member, said, form.reason.data or "", how=SaidBy.LEAD, by=by, now=now)

    if is_done(form, enter):
        here = _replies_at(member, slug, found)
        return go_on(_("The answer is entered, marked as yours."), here)
    page = render_template(
        "workspace/troupes/enter_reply.html",
        form=form,
        troupe=troupe,
        performance=found,
        member=member,
        known=known,
        plays=PLAYS,
    )
    return page, form.exact_status


@blueprint.post("/workspace/troupes/<slug>/performances/<id:performance_id>/replies/<id:member_id>/ask")
@signed_in
def ask_member(slug: str, performance_id: int, member_id: int) -> ResponseReturnValue:
    """Ask one member again, by a new link in their own way."""
    troupe = led(slug)
    found, member = queries.get_performance(troupe, performance_id), troupe_queries.get_member(troupe, member_id)
    looks.see(Kind.ROLL, [member.person], subject=troupe.name)
    did(
        lambda: replies.ask_one(found, member, by=current_user.person, now=clock.now()),
        _("%(name)s is asked again.", name=member.person.name),
    )
    here = _replies_at(member, slug, found)
    return redirect(here, 303)


@blueprint.post("/workspace/troupes/<slug>/performances/<id:performance_id>/replies/<id:member_id>/link")
@signed_in
def reply_link(slug: str, performance_id: int, member_id: int) -> ResponseReturnValue:
    """A link by which one member answers without signing in: shown this once, to be sent or printed."""
    troupe = led(slug)
    found, member = queries.get_performance(troupe, performance_id), troupe_queries.get_member(troupe, member_id)
    looks.see(Kind.ROLL, [member.person], subject=troupe.name)
    made: list[str] = []
    if not did(lambda: made.append(replies.make_link(found, member, by=current_user.person, now=clock.now()))):
        return redirect(url_for("troupes.performance_replies", slug=slug, performance_id=found.id), 303)
    [token] = made
    address = url_for("troupes.reply", reply=token, _external=True)
    page = render_template(
        "workspace/troupes/reply_link.html",
        troupe=troupe,
        performance=found,
        member=member,
        address=address,
        qr=qr_code(address),
    )
    return page, {"Cache-Control": "no-store"}


def _replies_at(member: TroupeMember, slug: str, performance: Performance) -> str:
    """The address of all replies, at this member's."""
    return url_for(
        "troupes.performance_replies", slug=slug, performance_id=performance.id, _anchor=f"member-{member.id}"
    )
