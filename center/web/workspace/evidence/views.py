"""Packs of evidence: what is missing is read before one is asked for, it is made meanwhile, and fetched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import DateField, HiddenField

from center.incubator.evidence import packs, rules
from center.incubator.evidence.gathering import Gathered, gather
from center.incubator.evidence.rules import Lack, Missing
from center.incubator.evidence.words import LACKS, STATES
from center.incubator.models.evidence import EvidenceDownload, EvidencePack
from center.kernel import clock
from center.kernel.access import signed_in
from center.kernel.access_log import Kind, note
from center.kernel.errors import DomainError
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.organisations.models import Organisation
from center.web.blueprints import evidence as blueprint
from center.web.forms import CreatingForm, FilterForm, asked_date, long_text_field
from center.web.refreshing import whole_or_part
from center.web.rendering import render
from center.web.sending import go_on, result_of, tried
from center.web.workspace.evidence.whose import evidence_of


class DaysForm(FilterForm):
    """Of which days a pack is."""

    first = DateField(_l("First day"))
    last = DateField(_l("Last day"))


class PackForm(CreatingForm):
    """That a pack of these days is made, and how the organisation itself looks back."""

    first = HiddenField()
    last = HiddenField()
    self_evaluation = long_text_field(
        _l("Self-evaluation"),
        most=4000,
        hint=_l("How it went, whom it reached, what comes next. It goes into the pack as it stands here."),
    )


@dataclass(frozen=True, kw_only=True)
class EvidencePage:
    """The packs of an organisation, and how far each has come."""

    organisation: Organisation
    packs: Sequence[EvidencePack]
    states: object
    at: datetime
    is_making: bool


@dataclass(frozen=True, kw_only=True)
class NewPackPage:
    """What is there of the chosen days and what is missing, before a pack is asked for."""

    organisation: Organisation
    days: DaysForm
    form: PackForm
    gathered: Gathered
    missing: Mapping[object, Sequence[tuple[Missing, str]]]  # by what it is called; each with where it is put right
    picture_bytes: int


@dataclass(frozen=True, kw_only=True)
class PackPage:
    """A pack, and who fetched it."""

    organisation: Organisation
    pack: EvidencePack
    states: object
    downloads: Sequence[EvidenceDownload]
    at: datetime


@blueprint.get("/workspace/<slug>/evidence")
@signed_in
def overview(slug: str) -> ResponseReturnValue:
    """What there is: packs, photographs, spending. How far a pack has come shows itself anew."""
    organisation = evidence_of(slug)
    found = packs.of_organisation(organisation.id)
    is_making = any(each.state in packs.UNDER_WAY for each in found)
    page = EvidencePage(organisation=organisation, packs=found, states=STATES, at=clock.now(), is_making=is_making)
    return whole_or_part("workspace/evidence/overview.html", "workspace/evidence/packs.html", page)


@blueprint.route("/workspace/<slug>/evidence/new", methods=["GET", "POST"])
@signed_in
def new_pack(slug: str) -> ResponseReturnValue:
    """Choose the days, read what is missing, write the self-evaluation, and let the pack be made."""
    organisation, now = evidence_of(slug), clock.now()
    first, last = _days(now)
    form = PackForm()

    def ask() -> EvidencePack:
        said = form.self_evaluation.data or ""
        return packs.ask(organisation, first, last, self_evaluation=said, by=current_user.person, now=now)

    made = result_of(form, ask, then=_page_of)
    if made is not None:
        return go_on(_("The pack is being made. You need not wait here."), _page_of(made))
    form.first.data, form.last.data = first.isoformat(), last.isoformat()
    gathered = gather(organisation, first, last, "", now=now)
    lacking: dict[object, list[tuple[Missing, str]]] = {}
    for each in gathered.missing:
        if each.lack is not Lack.SELF_EVALUATION:
            lacking.setdefault(LACKS[each.lack], []).append((each, _put_right(slug, each)))
    page = NewPackPage(
        organisation=organisation,
        days=DaysForm(data={"first": first, "last": last}),
        form=form,
        gathered=gathered,
        missing=lacking,
        picture_bytes=sum(each.size for each in gathered.pictures),
    )
    return render("workspace/evidence/new.html", page), form.status


@blueprint.get("/workspace/<slug>/evidence/packs/<id:pack_id>")
@signed_in
def pack(slug: str, pack_id: int) -> ResponseReturnValue:
    """One pack: how far it has come, what it is, who fetched it."""
    organisation = evidence_of(slug)
    found = packs.get(organisation.id, pack_id)
    page = PackPage(
        organisation=organisation,
        pack=found,
        states=STATES,
        downloads=packs.downloads_of(found),
        at=clock.now(),
    )
    return whole_or_part("workspace/evidence/pack.html", "workspace/evidence/pack_now.html", page)


@blueprint.post("/workspace/<slug>/evidence/packs/<id:pack_id>/download")
@signed_in
def fetch_pack(slug: str, pack_id: int) -> ResponseReturnValue:
    """The file; that somebody fetched it is written down. Where it is not there (any more), its page says so."""
    organisation = evidence_of(slug)
    found = packs.get(organisation.id, pack_id)
    path = tried(lambda: packs.fetch(found, by=current_user.person, now=clock.now()))
    if isinstance(path, DomainError):
        flash(str(path), "error")
        return redirect(url_for("evidence.pack", slug=slug, pack_id=pack_id), 303)
    note(Kind.EXPORT, subject=organisation.name, purpose="evidence")
    name = f"evidence-{organisation.slug}-{found.first_on}-{found.last_on}.zip"
    answer = send_file(path, mimetype="application/zip", as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _days(now: datetime) -> tuple[date, date]:
    """The days that are asked for; by themselves those of the month before this one."""
    values = request.form if request.method == "POST" else request.args
    today = local_date(now)
    end = today.replace(day=1) - timedelta(days=1)
    first = asked_date("first", values) or end.replace(day=1)
    last = asked_date("last", values) or max(first, end)
    if last < first or (last - first).days >= rules.LONGEST:
        last = first
    return first, min(last, max(today, first))


def _put_right(slug: str, missing: Missing) -> str:
    """Where what is missing can be put right; nothing where time alone helps."""
    if missing.lack is Lack.REGISTER:
        return url_for("posting.register", slug=missing.slug, date_id=missing.session_id)
    if missing.lack is Lack.PICTURES:
        return url_for("evidence.pictures", slug=slug, date_id=missing.session_id)
    if missing.lack is Lack.PLAN:
        return url_for("posting.filing" if missing.is_to_be_filed else "posting.manage", slug=missing.slug)
    if missing.lack is Lack.SUMMARY and missing.on is not None:
        return url_for("posting.filing_summary", slug=missing.slug, filed_day=missing.on.isoformat())
    if missing.lack in {Lack.SPENDING, Lack.RECEIPT}:
        return url_for("evidence.spending", slug=slug)
    return ""


def _page_of(made: EvidencePack) -> str:
    return url_for("evidence.pack", slug=made.organisation.slug, pack_id=made.id)
