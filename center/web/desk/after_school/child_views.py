"""A guardian says of the child itself, at the desk: school, class and mark, and the photo by which staff know it."""

from dataclasses import dataclass
from typing import Any

from flask.typing import ResponseReturnValue
from wtforms import RadioField
from wtforms.validators import InputRequired

from center.afterschool import said_to_staff
from center.afterschool.models.consents import Purpose
from center.afterschool.places import child_photos, consents, enrolling
from center.afterschool.rights.guardian_rights import Deed
from center.afterschool.said_to_staff import Word
from center.kernel.access import Permission, requires
from center.kernel.db import transaction
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.web.activities.photo_forms import MOST_SENT
from center.web.after_school.calls import WordForm
from center.web.after_school.child_photos import ChildPhotoForm
from center.web.after_school.place_forms import PlaceForm, known_school
from center.web.blueprints import desk as blueprint
from center.web.browser_rights import accepts_file
from center.web.desk.after_school.on_the_line import on_the_line
from center.web.desk.after_school.word_pages import Asked, answer
from center.web.editing import watch

KEEP, DELETE = "keep", "delete"


class SchoolWordForm(PlaceForm, WordForm):
    """School, class and mark, and how it was made sure whose word it is."""


class PhotoWordForm(ChildPhotoForm, WordForm):
    """The photo that is handed in, or that the one that is kept is to go."""

    what = RadioField(_l("What do they want?"), validators=[InputRequired(_l("Please choose one of these."))])


@dataclass(frozen=True, kw_only=True)
class PhotoNow:
    """How it stands with the child's photo, which the desk does not see."""

    is_kept: bool
    may_keep: bool  # a guardian has agreed to one
    consent: str  # where that is written down


@blueprint.route("/desk/after-school/calls/<id:enrolment_id>/<id:person_id>/school", methods=["GET", "POST"])
@requires(Permission.ENROL_CHILDREN)
def caller_school(enrolment_id: int, person_id: int) -> ResponseReturnValue:
    """School, class and mark."""
    line = on_the_line(enrolment_id, person_id)

    def make(**given: Any) -> SchoolWordForm:
        form = SchoolWordForm(data=known_school(line.enrolment), **given)
        form.offer(enrolling.schools_of(line.enrolment.term))
        return form

    form = watch(make)
    asked = Asked(
        to=Deed.RECORD,
        title=_("School and class of %(name)s", name=line.child_name),
        lead=_("By these staff tell the child from others, and know when to expect it."),
        fields=[form.school, form.school_class, form.mark],
        label=_("Save"),
        done=_("School and class of %(name)s are written down. The guardians are told.", name=line.child_name),
    )
    act = lambda word: said_to_staff.edit_school(line.enrolment, **form.said(), word=word, now=line.now)  # noqa: E731
    return answer(line, form, act, asked)


@blueprint.route("/desk/after-school/calls/<id:enrolment_id>/<id:person_id>/photo", methods=["GET", "POST"])
@requires(Permission.ENROL_CHILDREN)
@accepts_file(MOST_SENT)
def caller_photo(enrolment_id: int, person_id: int) -> ResponseReturnValue:
    """Keep a photo of the child that a guardian hands in, or delete the one that is kept."""
    line, form = on_the_line(enrolment_id, person_id), PhotoWordForm()
    now = PhotoNow(
        is_kept=child_photos.find(line.child) is not None,
        may_keep=consents.is_given(line.child, Purpose.PHOTOS),
        consent=line.address("caller_consent", purpose=Purpose.PHOTOS.value),
    )
    form.what.choices = [(KEEP, _("Keep the photo that they hand in"))]
    form.what.choices += [(DELETE, _("Delete the photo"))] if now.is_kept else []
    if not now.is_kept and not form.is_submitted():
        form.what.data = KEEP

    def act(word: Word) -> None:
        picture = form.drawn() if form.what.data == KEEP else None
        with transaction():
            if picture is None:
                said_to_staff.delete_photo(line.child, word=word, now=line.now)
            else:
                said_to_staff.keep_photo(line.child, picture, word=word, now=line.now)

    asked = Asked(
        to=Deed.PHOTO,
        title=_("Photo of %(name)s", name=line.child_name),
        lead=_("By it staff know the child when it is handed over. No face recognition."),
        fields=[form.what, form.photo],
        label=_("Write it down"),
        done=_("Deleted.") if form.what.data == DELETE else _("The photo is kept, encrypted."),
        template="desk/after_school/child_photo.html",
        more=now,
    )
    return answer(line, form, act, asked, transacts=False)
