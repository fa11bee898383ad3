"""Photographs of sessions, sent by whoever leads them: several at once, each drawn anew."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import BooleanField, MultipleFileField

from center.activities.models import Session
from center.activities.photos.images import MOST_BYTES
from center.activities.queries import get_session
from center.attendance import ledger
from center.incubator.evidence import pictures as kept
from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.db import transaction
from center.kernel.errors import RuleBroken
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date, ngettext
from center.kernel.unreadable import file_of
from center.organisations.models import Organisation
from center.web.activities.photo_forms import AGREE_FIRST, MOST_SENT
from center.web.blueprints import evidence as blueprint
from center.web.browser_rights import accepts_file
from center.web.forms import BaseForm, text_field
from center.web.hours.lines import Month, asked_month
from center.web.people.looks import see_paper
from center.web.rendering import render
from center.web.sending import form_page, go_on, result_of
from center.web.workspace.evidence.whose import evidence_of

MOST_AT_ONCE = 12


class PicturesForm(BaseForm):
    """Photographs of a session."""

    photos = MultipleFileField(
        _l("Photos"),
        description=_l(
            "JPEG, PNG or WebP, up to 12 at once. They are made smaller; where they were taken is not kept."
        ),
    )
    caption = text_field(_l("What they show"), most=200, required=False)
    is_agreed = BooleanField(
        _l("Nobody can be recognised in them, or everybody who can has agreed"),
        description=_l("For children their guardians agree."),
    )


@dataclass(frozen=True, kw_only=True)
class MonthOfPicturesPage:
    """The sessions of a month, with how many photographs there are of each."""

    organisation: Organisation
    month: Month
    sessions: Sequence[Session]
    counted: dict[int, int]


@blueprint.get("/workspace/<slug>/evidence/photographs")
@signed_in
def month_of_pictures(slug: str) -> ResponseReturnValue:
    """Which sessions have photographs, by month."""
    organisation, month = evidence_of(slug), asked_month()
    entries = ledger.month_of(organisation.id, month.first, month.last, now=clock.now())
    sessions = [each.session for each in entries if not each.session.activity.is_confined]
    page = MonthOfPicturesPage(
        organisation=organisation,
        month=month,
        sessions=sessions,
        counted=kept.count_of([each.id for each in sessions]),
    )
    return render("workspace/evidence/month_of_pictures.html", page)


@blueprint.route("/workspace/<slug>/evidence/sessions/<id:date_id>/photographs", methods=["GET", "POST"])
@signed_in
@accepts_file(MOST_SENT)
def pictures(slug: str, date_id: int) -> ResponseReturnValue:
    """Keep photographs of a session, and see those that are kept."""
    organisation = evidence_of(slug)
    session, form = _session_of(organisation, date_id), PicturesForm()
    done = result_of(form, lambda: _keep(session, form), transacts=False)
    if done is not None:
        said = ngettext("%(num)d photo is kept.", "%(num)d photos are kept.", done)
        return go_on(said, url_for("evidence.pictures", slug=slug, date_id=date_id))
    found = kept.of_session(session)
    if found:
        _see(organisation, session)
    return form_page(
        "workspace/evidence/pictures.html", form, organisation=organisation, session=session, pictures=found
    )


@blueprint.get("/workspace/<slug>/evidence/photographs/<picture_name>.jpg")
@signed_in
def picture(slug: str, picture_name: str) -> ResponseReturnValue:
    """One of them."""
    organisation = evidence_of(slug)
    found = kept.get(organisation.id, picture_name, whole=True)
    _see(organisation, found.session)
    return Response(file_of(found.picture), mimetype="image/jpeg", headers={"Cache-Control": "private, no-store"})


@blueprint.post("/workspace/<slug>/evidence/photographs/<picture_name>/remove")
@signed_in
def remove_picture(slug: str, picture_name: str) -> ResponseReturnValue:
    """Take one away for good, also where somebody in it wishes so."""
    found = kept.get(evidence_of(slug).id, picture_name)
    back = url_for("evidence.pictures", slug=slug, date_id=found.session_id)
    with transaction():
        kept.remove(found)
    return go_on(_("The photo is deleted."), back)


def _keep(session: Session, form: PicturesForm) -> int:
    """Draw them before the transaction, since that takes its time; the first that is none refuses all of them."""
    sent = [each for each in form.photos.data or () if getattr(each, "filename", "")]
    if not sent:
        raise RuleBroken(_l("Please choose a photo."), field="photos")
    if len(sent) > MOST_AT_ONCE:
        raise RuleBroken(_l("At most 12 photos at once, please."), field="photos")
    if not form.is_agreed.data:
        raise RuleBroken(AGREE_FIRST, field="is_agreed")
    drawn = kept.draw_all([each.read(MOST_BYTES + 1) for each in sent])
    with transaction():
        for each in drawn:
            kept.add(session, each, caption=form.caption.data or "", by=current_user.person, now=clock.now())
    return len(drawn)


def _session_of(organisation: Organisation, date_id: int) -> Session:
    session = get_session(date_id)
    authorise(session.activity.organisation_id == organisation.id and not session.activity.is_confined)
    return session


def _see(organisation: Organisation, session: Session) -> None:
    """Its photographs are shown. What was said once of a session is not said again of each of them."""
    see_paper(f"{organisation.name} · {local_date(session.starts_at)} {session.activity.title}", why="evidence")
