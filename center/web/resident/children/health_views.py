"""A child's health and photo, which guardians alone write, and only while they agree to it."""

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.afterschool.models.consents import HealthNote, Purpose
from center.afterschool.places import child_photos, consents, health
from center.afterschool.words import ALERT_LEVELS
from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.db import transaction
from center.kernel.i18n import gettext as _
from center.web.activities.photo_forms import MOST_SENT
from center.web.after_school.child_photos import ChildPhotoForm
from center.web.after_school.health_form import HealthForm
from center.web.blueprints import children as blueprint
from center.web.browser_rights import accepts_file
from center.web.resident.children.own_child import own_child
from center.web.sending import did, form_page, go_on, is_done

FACTS = ("trigger", "reaction", "what_to_do", "level")


@blueprint.route("/children/<id:person_id>/health", methods=["GET", "POST"])
@signed_in
def health_of(person_id: int) -> ResponseReturnValue:
    """What is to be known of the child's health, and more of it."""
    child, me = own_child(person_id), current_user.person
    form, back = HealthForm(), url_for(".health_of", person_id=person_id)

    def add() -> HealthNote:
        return health.add(child, form.facts(), guardian=me, by=me, now=clock.now())

    if is_done(form, add, then=back):
        return go_on(_("Kept, encrypted. Staff on duty see it."), back)
    return form_page(
        "resident/children/health.html",
        form,
        child=child,
        notes=health.notes_of(child),
        may_keep=consents.is_given(child, Purpose.HEALTH),
        levels=ALERT_LEVELS,
    )


@blueprint.route("/children/<id:person_id>/health/<id:note_id>", methods=["GET", "POST"])
@signed_in
def edit_health(person_id: int, note_id: int) -> ResponseReturnValue:
    """Say it otherwise."""
    child, me = own_child(person_id), current_user.person
    note = health.get_note(child, note_id)
    readable = {name: value for name in FACTS if isinstance(value := getattr(note, name), str)}
    form, back = HealthForm(data=readable), url_for(".health_of", person_id=person_id)
    act = lambda: health.edit(note, child, form.facts(), guardian=me, by=me, now=clock.now())  # noqa: E731
    if is_done(form, act):
        return go_on(_("Changed."), back)
    is_readable = len(readable) == len(FACTS)
    return form_page(
        "resident/children/edit_health.html", form, child=child, note=note, is_readable=is_readable, back=back
    )


@blueprint.post("/children/<id:person_id>/health/<id:note_id>/remove")
@signed_in
def remove_health(person_id: int, note_id: int) -> ResponseReturnValue:
    """It is not so any more."""
    child, me = own_child(person_id), current_user.person
    note = health.get_note(child, note_id)
    did(lambda: health.remove(note, child, guardian=me, by=me, now=clock.now()), _("Deleted."))
    return redirect(url_for(".health_of", person_id=person_id), 303)


@blueprint.route("/children/<id:person_id>/photo", methods=["GET", "POST"])
@signed_in
@accepts_file(MOST_SENT)
def photo(person_id: int) -> ResponseReturnValue:
    """The photo by which staff recognise the child."""
    child, form, back = own_child(person_id), ChildPhotoForm(), url_for(".photo", person_id=person_id)

    def put() -> None:
        picture = form.drawn()
        with transaction():
            child_photos.put(child, picture, guardian=current_user.person, now=clock.now())

    if is_done(form, put, transacts=False):
        return go_on(_("The photo is kept, encrypted."), back)
    may_keep = consents.is_given(child, Purpose.PHOTOS)
    kept = child_photos.find(child)
    return form_page("resident/children/photo.html", form, child=child, photo=kept, may_keep=may_keep)


@blueprint.get("/children/<id:person_id>/photo.jpg")
@signed_in
def photo_file(person_id: int) -> ResponseReturnValue:
    """The photo itself."""
    jpeg = child_photos.find_jpeg(own_child(person_id))
    authorise(jpeg is not None)
    return Response(jpeg, mimetype="image/jpeg", headers={"Cache-Control": "private, no-store"})


@blueprint.post("/children/<id:person_id>/photo/remove")
@signed_in
def remove_photo(person_id: int) -> ResponseReturnValue:
    """Delete the photo."""
    child = own_child(person_id)
    did(lambda: child_photos.remove(child, guardian=current_user.person, now=clock.now()), _("Deleted."))
    return redirect(url_for(".photo", person_id=person_id), 303)
