"""The catalogue of a studio: its works by where they stand, entered, described and taken out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.access import signed_in
from center.kernel.access_log import Kind
from center.kernel.db import transaction
from center.kernel.i18n import gettext as _
from center.troupes.models.troupes import Troupe
from center.troupes.models.works import SaleDay, Work
from center.troupes.queries import members_of
from center.troupes.works import catalogue, queries
from center.web.activities.photo_forms import MOST_SENT
from center.web.blueprints import troupes as blueprint
from center.web.browser_rights import accepts_file
from center.web.editing import watch
from center.web.people import looks
from center.web.rendering import render
from center.web.sending import did, form_page, go_on, is_done, result_of
from center.web.troupes.pages import led
from center.web.troupes.work_words import WORDS, WorkWords
from center.web.workspace.works.forms import NewWorkForm, WorkForm, WorkPhotoForm


@dataclass(frozen=True, kw_only=True)
class CataloguePage:
    """All works of a studio, and its sale days."""

    troupe: Troupe
    works: Sequence[Work]
    days: Sequence[SaleDay]
    now: datetime
    words: WorkWords = WORDS


@blueprint.get("/workspace/troupes/<slug>/works")
@signed_in
def works(slug: str) -> ResponseReturnValue:
    """All works of a studio, and its sale days."""
    troupe = led(slug)
    found = queries.works_of(troupe)
    looks.see(Kind.ROLL, [work.maker for work in found], subject=troupe.name)
    page = CataloguePage(troupe=troupe, works=found, days=queries.days_of(troupe), now=clock.now())
    return render("workspace/works/works.html", page)


@blueprint.route("/workspace/troupes/<slug>/works/new", methods=["GET", "POST"])
@signed_in
def new_work(slug: str) -> ResponseReturnValue:
    """One more work; its photograph comes next."""
    troupe, form = led(slug), NewWorkForm()
    members = members_of(troupe.id)
    looks.see(Kind.ROLL, [each.person for each in members], subject=troupe.name)
    form.offer(members)
    by, now = current_user.person, clock.now()
    made = result_of(
        form, lambda: catalogue.register(troupe, form.facts(), form.cost(), by=by, now=now), then=_photo_of
    )
    if made:
        return go_on(
            _("It is in the catalogue as no. %(number)s. Add a photo of it now.", number=made.number), _photo_of(made)
        )
    return form_page("workspace/works/edit.html", form, troupe=troupe, work=None)


@blueprint.route("/workspace/troupes/<slug>/works/<id:work_number>/edit", methods=["GET", "POST"])
@signed_in
def edit_work(slug: str, work_number: int) -> ResponseReturnValue:
    """Describe a work otherwise."""
    troupe, work = _work(slug, work_number)
    members = members_of(troupe.id)
    looks.see(Kind.ROLL, [each.person for each in members], subject=troupe.name)

    def filled(**given: Any) -> WorkForm:
        form = WorkForm(data=WorkForm.values_of(work), **given)
        form.offer(members, work.maker)
        return form

    form = watch(filled)
    if is_done(form, lambda: catalogue.edit(work, form.facts(), form.cost())):
        return go_on(_("Saved."), _works_of(troupe))
    return form_page("workspace/works/edit.html", form, troupe=troupe, work=work)


@blueprint.route("/workspace/troupes/<slug>/works/<id:work_number>/photo", methods=["GET", "POST"])
@signed_in
@accepts_file(MOST_SENT)
def edit_work_photo(slug: str, work_number: int) -> ResponseReturnValue:
    """Give a work a photograph, another one, or say anew what it shows."""
    troupe, work = _work(slug, work_number)
    known = work.photo
    form = WorkPhotoForm(data={"alt": known.alt, "alt_en": known.alt_en, "is_agreed": True} if known else None)
    if is_done(form, lambda: form.keep(work, by=current_user.person), transacts=False):
        return go_on(_("The photo is saved."), _works_of(troupe))
    return form_page("workspace/works/photo.html", form, troupe=troupe, work=work, words=WORDS)


@blueprint.post("/workspace/troupes/<slug>/works/<id:work_number>/photo/remove")
@signed_in
def remove_work_photo(slug: str, work_number: int) -> ResponseReturnValue:
    """Take the photograph of a work away."""
    _troupe, work = _work(slug, work_number)
    with transaction():
        catalogue.remove_photo(work)
    return go_on(_("The photo is gone. Nobody can fetch it here any more."), _photo_of(work))


@blueprint.post("/workspace/troupes/<slug>/works/<id:work_number>/withdraw")
@signed_in
def withdraw_work(slug: str, work_number: int) -> ResponseReturnValue:
    """Take a work out of the catalogue."""
    troupe, work = _work(slug, work_number)
    did(lambda: catalogue.withdraw(work), _("No. %(number)s is taken out.", number=work.number))
    return redirect(_works_of(troupe), 303)


@blueprint.post("/workspace/troupes/<slug>/works/<id:work_number>/bring-back")
@signed_in
def bring_back_work(slug: str, work_number: int) -> ResponseReturnValue:
    """A work is in the catalogue again."""
    troupe, work = _work(slug, work_number)
    did(lambda: catalogue.bring_back(work), _("No. %(number)s is in the catalogue again.", number=work.number))
    return redirect(_works_of(troupe), 303)


def _work(slug: str, number: int) -> tuple[Troupe, Work]:
    troupe = led(slug)
    work = queries.get_work(troupe, number)
    looks.see(Kind.ROLL, [work.maker], subject=troupe.name)
    return troupe, work


def _works_of(troupe: Troupe) -> str:
    return url_for("troupes.works", slug=troupe.slug)


def _photo_of(work: Work) -> str:
    return url_for("troupes.edit_work_photo", slug=work.troupe.slug, work_number=work.number)
