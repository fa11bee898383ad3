"""Photos of the signed sheet: sent, looked at and taken away by whoever takes the register."""

from flask import Response, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.file import FileField

from center.activities.photos.images import draw
from center.attendance import queries
from center.attendance import sheets as kept
from center.attendance.models.paper import SheetPhoto
from center.kernel import clock
from center.kernel.access import signed_in
from center.kernel.access_log import Kind
from center.kernel.db import transaction
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.logs import log
from center.web.activities.photo_forms import MOST_SENT, bytes_of
from center.web.attendance.access import may_sign, signed, taken
from center.web.blueprints import posting as blueprint
from center.web.browser_rights import accepts_file
from center.web.forms import BaseForm, text_field
from center.web.people import looks
from center.web.sending import form_page, go_on, is_done


class SheetForm(BaseForm):
    """A photo of the sheet."""

    photo = FileField(
        _l("Photo of the sheet"),
        description=_l("JPEG, PNG or WebP, of at most 24 MB. It is made smaller, and where it was taken is not kept."),
    )


class RemoveForm(BaseForm):
    """Why a photo is taken away."""

    reason = text_field(_l("Reason"), most=200, hint=_l("The picture is deleted; this reason stays."))


@blueprint.route("/workspace/activities/<slug>/sessions/<id:date_id>/register/sheets", methods=["GET", "POST"])
@signed_in
@accepts_file(MOST_SENT)
def sheets(slug: str, date_id: int) -> ResponseReturnValue:
    """Keep a photo of the signed sheet with the register, and see those that are kept."""
    session = taken(slug, date_id)
    form = SheetForm()

    def keep() -> SheetPhoto:
        picture = draw(bytes_of(form.photo))  # before the transaction, since that takes its time
        with transaction():
            return kept.add(session, picture, by=current_user.person, now=clock.now())

    if is_done(form, keep, transacts=False):
        said = _("The photo is kept with the register.")
        return go_on(said, url_for("posting.sheets", slug=slug, date_id=date_id))
    return form_page(
        "workspace/register/sheets.html",
        form,
        session=session,
        photos=kept.photos_of(session),
        may_sign=may_sign(session),
    )


@blueprint.get("/workspace/activities/<slug>/sessions/<id:date_id>/register/sheets/<name>.jpg")
@signed_in
def sheet_photo(slug: str, date_id: int, name: str) -> ResponseReturnValue:
    """One of them. Whoever looks at it sees everybody on the roll, and that is written down."""
    session = taken(slug, date_id)
    photo = kept.get_photo(session, name)
    on_roll = [each.person for each in queries.roll_of(session)]
    looks.see(Kind.ROLL, on_roll, subject=session.activity.title)
    log.info("sheet_photo_read", session=session.id, photo=photo.id, by=current_user.person_id)
    return Response(photo.picture, mimetype="image/jpeg", headers={"Cache-Control": "private, no-store"})


@blueprint.route(
    "/workspace/activities/<slug>/sessions/<id:date_id>/register/sheets/<name>/remove", methods=["GET", "POST"]
)
@signed_in
def remove_sheet(slug: str, date_id: int, name: str) -> ResponseReturnValue:
    """Take a photo away, with a reason."""
    session = signed(slug, date_id)
    photo = kept.get_photo(session, name)
    form, back = RemoveForm(), url_for("posting.sheets", slug=slug, date_id=date_id)
    act = lambda: kept.remove(photo, reason=form.reason.data, by=current_user.person, now=clock.now())  # noqa: E731
    if is_done(form, act):
        return go_on(_("The picture is deleted. Who removed it, and why, stays."), back)
    return form_page("workspace/register/remove_sheet.html", form, session=session, photo=photo, back=back)
