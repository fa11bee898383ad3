"""Who leads a troupe, and the sheet that one leader hands to the next."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.access_log import Kind
from center.kernel.db import db
from center.kernel.i18n import gettext as _
from center.kernel.i18n import local_date
from center.troupes import queries
from center.troupes.members import offices
from center.troupes.members.handover import OpenThing, open_things, read_sheet
from center.troupes.models.troupes import Handover, MemberState, Office, Troupe, TroupeMember, TroupeOffice
from center.web.blueprints import troupes as blueprint
from center.web.people import looks
from center.web.rendering import render
from center.web.sending import did, form_page, go_on, is_done, result_of
from center.web.troupes.pages import led, named, rights_in
from center.web.troupes.words import WORDS, Words
from center.web.workspace.troupes.forms import DeputyForm, LeaderForm

CAN_LEAD = (MemberState.ACTIVE, MemberState.RESTING)


@dataclass(frozen=True, kw_only=True)
class HandoverPage:
    """A hand-over sheet as it was made, and whether it was taken over."""

    troupe: Troupe
    sheet: Handover
    things: Sequence[OpenThing]
    before: TroupeMember | None
    after: TroupeMember
    applied: Sequence[TroupeMember]
    may_lead: bool
    may_take: bool
    words: Words = field(default_factory=lambda: WORDS)


@blueprint.route("/workspace/troupes/<slug>/leaders", methods=["GET", "POST"])
@signed_in
def leaders(slug: str) -> ResponseReturnValue:
    """Who leads a troupe; name another leader, with the hand-over sheet of what is open."""
    troupe, now = named(slug), clock.now()
    members, form = queries.members_of(troupe.id, CAN_LEAD), LeaderForm()
    held = queries.offices_on(troupe.id, local_date(now))
    leader = next((each for each in held if each.office is Office.LEADER), None)
    form.offer([each for each in members if leader is None or each.id != leader.member_id])

    def name() -> Handover:
        member = queries.get_member(troupe, form.member.data)
        said = {"keys": form.keys.data or "", "notes": form.notes.data or ""}
        return offices.name_leader(troupe, member, **said, by=current_user.person, now=now)

    if made := result_of(form, name):
        said = _("The troupe has another leader. Print the hand-over sheet for both.")
        return go_on(said, _sheet_page(troupe, made))
    things = open_things(troupe, now)
    return form_page("workspace/troupes/leaders.html", form, troupe=troupe, held=held, things=things, words=WORDS)


@blueprint.route("/workspace/troupes/<slug>/deputies", methods=["GET", "POST"])
@signed_in
def name_deputy(slug: str) -> ResponseReturnValue:
    """Let a member stand in for the leader."""
    troupe, form, now = named(slug), DeputyForm(), clock.now()
    held = {each.member_id for each in queries.offices_on(troupe.id, local_date(now))}
    form.offer([each for each in queries.members_of(troupe.id, CAN_LEAD) if each.id not in held])

    def name() -> object:
        member = queries.get_member(troupe, form.member.data)
        return offices.name_deputy(troupe, member, by=current_user.person, now=now)

    if is_done(form, name):
        return go_on(_("The deputy is named, and told."), url_for("troupes.leaders", slug=slug))
    return form_page("workspace/troupes/deputy.html", form, troupe=troupe)


@blueprint.post("/workspace/troupes/<slug>/offices/<id:office_id>/end")
@signed_in
def end_deputy(slug: str, office_id: int) -> ResponseReturnValue:
    """A deputy stands in no more."""
    troupe = named(slug)
    office = db.session.get(TroupeOffice, office_id)
    authorise(office is not None and office.troupe_id == troupe.id)
    assert office is not None
    did(lambda: offices.end_deputy(office, now=clock.now()), _("They are deputy no more."))
    return redirect(url_for("troupes.leaders", slug=slug), 303)


@blueprint.get("/workspace/troupes/<slug>/handovers/<id:handover_id>")
@signed_in
def handover(slug: str, handover_id: int) -> ResponseReturnValue:
    """The hand-over sheet to read and to print, also for the leader who goes."""
    troupe = queries.get_troupe(slug)
    sheet, found = queries.get_handover(troupe, handover_id), rights_in(troupe)
    authorise(found.may_lead or (found.member is not None and found.member.id in {sheet.from_id, sheet.to_id}))
    after = db.session.get_one(TroupeMember, sheet.to_id)
    before = db.session.get_one(TroupeMember, sheet.from_id) if sheet.from_id else None
    applied = queries.members_of(troupe.id, [MemberState.APPLIED, MemberState.TRIAL, MemberState.RESTING])
    looks.see(Kind.ROLL, [each.person for each in applied], subject=troupe.name)
    page = HandoverPage(
        troupe=troupe,
        sheet=sheet,
        things=read_sheet(sheet.sheet),
        before=before,
        after=after,
        applied=applied,
        may_lead=found.may_lead,
        may_take=sheet.taken_at is None and after.person_id == current_user.person_id,
    )
    return render("workspace/troupes/handover.html", page)


@blueprint.post("/workspace/troupes/<slug>/handovers/<id:handover_id>/take")
@signed_in
def take_over(slug: str, handover_id: int) -> ResponseReturnValue:
    """The new leader says that they have what the sheet lists."""
    troupe = led(slug)
    sheet = queries.get_handover(troupe, handover_id)
    did(lambda: offices.take(sheet, by=current_user.person, now=clock.now()), _("Taken over."))
    return redirect(_sheet_page(troupe, sheet), 303)


def _sheet_page(troupe: Troupe, sheet: Handover) -> str:
    return url_for("troupes.handover", slug=troupe.slug, handover_id=sheet.id)
