"""One member for those who lead the troupe: how they came to stand as they do, their parts, what is decided of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.activities.models import Session
from center.attendance.models import Status
from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.access_log import Kind
from center.kernel.errors import RuleBroken
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.organisations.queries import memberships_of
from center.people.models import Person
from center.people.queries import has_account
from center.troupes import queries
from center.troupes.members import actions
from center.troupes.members.actions import MemberFacts
from center.troupes.members.rules import STEPS_FROM
from center.troupes.models.pieces import Piece, PieceKnowledge
from center.troupes.models.troupes import MemberEvent, MemberState, Troupe, TroupeMember
from center.troupes.rehearsals.on_register import follow_member
from center.troupes.rehearsals.queries import around_now
from center.troupes.repertoire.queries import known_by, pieces_of
from center.web.blueprints import troupes as blueprint
from center.web.people import looks
from center.web.rendering import render
from center.web.sending import form_page, go_on, is_done, result_of
from center.web.troupes.fields import part_choices
from center.web.troupes.pages import led
from center.web.troupes.words import WORDS, Words
from center.web.workspace.troupes.forms import EnterForm, MemberPartsForm, StepForm


@dataclass(frozen=True, kw_only=True)
class LeadMemberPage:
    """One member for those who lead the troupe."""

    troupe: Troupe
    member: TroupeMember
    events: Sequence[MemberEvent]
    steps: Sequence[MemberState]
    pieces: Sequence[Piece]
    known: Mapping[tuple[int, int], PieceKnowledge]
    says_it_themselves: bool
    last: Sequence[tuple[Session, Status | None]]  # rehearsals, the latest first
    coming: Sequence[tuple[Session, Status | None]]
    words: Words = field(default_factory=lambda: WORDS)


@blueprint.get("/workspace/troupes/<slug>/members/<id:member_id>")
@signed_in
def lead_member(slug: str, member_id: int) -> ResponseReturnValue:
    """How a member stands, what can be decided, their parts and the pieces they know."""
    troupe, member = _looked_at(slug, member_id)
    last, coming = around_now(member, now=clock.now())
    page = LeadMemberPage(
        troupe=troupe,
        member=member,
        events=queries.events_of(member.id),
        steps=STEPS_FROM[member.state],
        pieces=pieces_of(troupe.id),
        known=known_by(member.id),
        says_it_themselves=has_account(member.person_id),
        last=last,
        coming=coming,
    )
    return render("workspace/troupes/member.html", page)


@blueprint.route("/workspace/troupes/<slug>/members/<id:member_id>/stand/<which>", methods=["GET", "POST"])
@signed_in
def take_step(slug: str, member_id: int, which: str) -> ResponseReturnValue:
    """Decide of a member: on trial, into the troupe, declined, resting, leaving; they read why."""
    troupe, member = _looked_at(slug, member_id)
    authorise(which in {each.value for each in STEPS_FROM[member.state]})
    was, became, form = member.state, MemberState(which), StepForm()
    if became not in {MemberState.TRIAL, MemberState.RESTING}:
        del form.until

    def take() -> object:
        until, reason = form.until.data if form.until else None, form.reason.data or ""
        by, now = current_user.person, clock.now()
        taken = actions.step(member, became, by=by, now=now, reason=reason, until=until)
        follow_member(member, by=by, now=now)
        return taken

    if is_done(form, take):
        said = _("%(name)s: %(state)s. They are told.", name=member.person.name, state=WORDS.states[became])
        return go_on(said, url_for("troupes.lead", slug=slug))
    title = WORDS.say_step(was, became)
    return form_page("workspace/troupes/step.html", form, troupe=troupe, member=member, title=title)


@blueprint.route("/workspace/troupes/<slug>/members/<id:member_id>/parts", methods=["GET", "POST"])
@signed_in
def member_parts(slug: str, member_id: int) -> ResponseReturnValue:
    """What a member sings, plays or dances."""
    troupe, member = _looked_at(slug, member_id)
    main = next((each.part_id for each in member.parts if each.is_main), None)
    form = MemberPartsForm(data={"parts": [each.part_id for each in member.parts], "mostly": main})
    choices = part_choices(queries.parts_of(troupe.id))
    form.parts.choices, form.mostly.choices = choices, [(0, _l("No one more than the others")), *choices]
    if is_done(form, lambda: actions.set_parts(member, form.parts.data or (), main=form.mostly.data or None)):
        return go_on(_("Saved."), url_for("troupes.lead_member", slug=slug, member_id=member_id))
    return form_page("workspace/troupes/member_parts.html", form, troupe=troupe, member=member)


@blueprint.route("/workspace/troupes/<slug>/members/new", methods=["GET", "POST"])
@signed_in
def enter_member(slug: str) -> ResponseReturnValue:
    """Enter somebody who asked in person or on paper."""
    troupe, form = led(slug), EnterForm()
    everybody = _of_organisation(troupe)
    inside = {each.person_id for each in queries.members_of(troupe.id, set(MemberState) - {MemberState.LEFT})}
    people = [each for each in everybody if each.id not in inside]
    form.offer(people, part_choices(queries.parts_of(troupe.id)))
    looks.see(Kind.ROLL, people, subject=troupe.name)

    def enter() -> TroupeMember:
        person = next((each for each in everybody if each.id == form.person.data), None)
        if person is None:
            raise RuleBroken(_l("Please choose one of these."), field="person")
        facts = MemberFacts(parts=form.parts.data or (), words=form.words.data or "")
        is_trial = form.how.data == "trial"
        return actions.enter(troupe, person, facts, on_trial=is_trial, by=current_user.person, now=clock.now())

    then = url_for("troupes.lead", slug=slug)
    if made := result_of(form, enter, then=then):
        return go_on(_("%(name)s is entered, and told.", name=made.person.name), then)
    return form_page("workspace/troupes/enter.html", form, troupe=troupe, people=people)


def _looked_at(slug: str, member_id: int) -> tuple[Troupe, TroupeMember]:
    troupe = led(slug)
    member = queries.get_member(troupe, member_id)
    looks.see(Kind.ROLL, [member.person], subject=troupe.name)
    return troupe, member


def _of_organisation(troupe: Troupe) -> list[Person]:
    """Whoever belongs to its organisation today, by name."""
    today = local_date(clock.now())
    current = (
        each
        for each in memberships_of(troupe.organisation_id)
        if each.starts_on <= today and (each.ends_on is None or each.ends_on >= today)
    )
    people = {each.person_id: each.person for each in current}
    return sorted(people.values(), key=lambda each: (each.sort_key, each.id))
