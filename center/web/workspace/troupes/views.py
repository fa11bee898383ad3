"""A troupe for those who lead it: who asks to join, who is in it, its seasons; and what it is for everybody to read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from center.activities.models import Session
from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.access_log import Kind
from center.kernel.i18n import gettext as _
from center.kernel.i18n import local_date
from center.organisations.queries import get_organisation
from center.troupes import actions, dates, queries
from center.troupes.models.seasons import Season
from center.troupes.models.troupes import (
    Handover,
    MemberState,
    Office,
    Troupe,
    TroupeEnding,
    TroupeMember,
    TroupeOffice,
    TroupePart,
)
from center.troupes.seasons.queries import seasons_of
from center.web.activities.pages import led_ids
from center.web.blueprints import troupes as blueprint
from center.web.editing import watch
from center.web.people import looks
from center.web.rendering import render
from center.web.sending import did, form_page, go_on, is_done, result_of
from center.web.troupes.pages import led, may_end, rights_in
from center.web.troupes.words import WORDS, Words
from center.web.workspace.troupes.forms import NewPartForm, NewTroupeForm, PartForm, TroupeForm


@dataclass(frozen=True, kw_only=True)
class LeadPage:
    """A troupe for those who lead it."""

    troupe: Troupe
    may_name: bool
    may_end: bool
    ending: TroupeEnding | None
    by_state: Mapping[MemberState, Sequence[TroupeMember]]
    by_part: Sequence[tuple[TroupePart | None, Sequence[TroupeMember]]]
    offices: Sequence[TroupeOffice]
    has_leader: bool
    office_of: Mapping[int, Office]
    seasons: Sequence[Season]
    ahead: Sequence[Session]
    handovers: Sequence[Handover]
    words: Words = field(default_factory=lambda: WORDS)


@blueprint.get("/workspace/troupes/<slug>")
@signed_in
def lead(slug: str) -> ResponseReturnValue:
    """Who asks to join, who is in the troupe by part, who leads it, its seasons and next dates."""
    troupe, now = led(slug), clock.now()
    members = queries.members_of(troupe.id, [state for state in MemberState if state is not MemberState.LEFT])
    by_state = {state: [each for each in members if each.state is state] for state in MemberState}
    offices = queries.offices_on(troupe.id, local_date(now))
    looks.see(Kind.ROLL, [each.person for each in members], subject=troupe.name)
    page = LeadPage(
        troupe=troupe,
        may_name=rights_in(troupe).may_name,
        may_end=may_end(troupe),
        ending=queries.ending_of(troupe.id) if troupe.ended_on else None,
        by_state=by_state,
        by_part=_by_part(queries.parts_of(troupe.id), by_state[MemberState.ACTIVE]),
        offices=offices,
        has_leader=any(each.office is Office.LEADER for each in offices),
        office_of={each.member_id: each.office for each in offices},
        seasons=seasons_of(troupe.id),
        ahead=dates.sessions_ahead(troupe.id, now=now, most=6),
        handovers=queries.handovers_of(troupe.id)[:5],
    )
    return render("workspace/troupes/lead.html", page)


@blueprint.route("/workspace/organisations/<slug>/troupes/new", methods=["GET", "POST"])
@signed_in
def new(slug: str) -> ResponseReturnValue:
    """One more troupe of an organisation."""
    organisation = get_organisation(slug)
    authorise(organisation.id in led_ids())
    form = NewTroupeForm(data={"is_open_to_join": True} if not request.form else None)
    create = lambda: actions.create(organisation, form.slug.data, form.facts(), today=local_date(clock.now()))  # noqa: E731
    if made := result_of(form, create, then=_parts_page):
        return go_on(_("The troupe is here now. Next, say which parts it has."), _parts_page(made))
    return form_page("workspace/troupes/edit.html", form, troupe=None, organisation=organisation)


@blueprint.route("/workspace/troupes/<slug>/edit", methods=["GET", "POST"])
@signed_in
def edit(slug: str) -> ResponseReturnValue:
    """What everybody reads of a troupe, and whether people can ask to join."""
    troupe = led(slug)
    form = watch(lambda **given: TroupeForm(data=TroupeForm.values_of(troupe), **given))
    if is_done(form, lambda: actions.edit(troupe, form.facts())):
        return go_on(_("Saved."), url_for("troupes.lead", slug=slug))
    return form_page("workspace/troupes/edit.html", form, troupe=troupe, organisation=troupe.organisation)


@blueprint.route("/workspace/troupes/<slug>/parts", methods=["GET", "POST"])
@signed_in
def parts(slug: str) -> ResponseReturnValue:
    """The parts of a troupe, and one more."""
    troupe = led(slug)
    known = queries.parts_of(troupe.id)
    form = NewPartForm(data={"kind": known[-1].kind, "position": known[-1].position + 1} if known else None)
    if is_done(form, lambda: actions.add_part(troupe, form.facts()), then=_parts_page(troupe)):
        return go_on(_("The part is added."), _parts_page(troupe))
    return form_page("workspace/troupes/parts.html", form, troupe=troupe, parts=known, words=WORDS)


@blueprint.route("/workspace/troupes/<slug>/parts/<id:part_id>", methods=["GET", "POST"])
@signed_in
def edit_part(slug: str, part_id: int) -> ResponseReturnValue:
    """Call a part otherwise, or put it elsewhere in the order."""
    part = _part_of(led(slug), part_id)
    form = watch(lambda **given: PartForm(data=PartForm.values_of(part), **given))
    if is_done(form, lambda: actions.edit_part(part, form.facts())):
        return go_on(_("Saved."), _parts_page(part.troupe))
    return form_page("workspace/troupes/part.html", form, troupe=part.troupe, part=part)


@blueprint.post("/workspace/troupes/<slug>/parts/<id:part_id>/remove")
@signed_in
def remove_part(slug: str, part_id: int) -> ResponseReturnValue:
    """Remove a part that nobody takes."""
    part = _part_of(led(slug), part_id)
    did(lambda: actions.remove_part(part), _("The part is gone."))
    return redirect(_parts_page(part.troupe), 303)


def _parts_page(troupe: Troupe) -> str:
    return url_for("troupes.parts", slug=troupe.slug)


def _part_of(troupe: Troupe, part_id: int) -> TroupePart:
    found = next((each for each in queries.parts_of(troupe.id) if each.id == part_id), None)
    authorise(found is not None)
    assert found is not None
    return found


def _by_part(
    parts: Sequence[TroupePart], members: Sequence[TroupeMember]
) -> list[tuple[TroupePart | None, Sequence[TroupeMember]]]:
    """Those in the troupe by their main part, and last who has none."""
    main = {each.id: next((own.part_id for own in each.parts if own.is_main), None) for each in members}
    found: list[tuple[TroupePart | None, Sequence[TroupeMember]]] = [
        (part, [each for each in members if main[each.id] == part.id]) for part in parts
    ]
    without = [each for each in members if main[each.id] is None]
    return [*found, *([(None, without)] if without else [])]
