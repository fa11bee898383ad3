"""The cover photo in a form: sent with a new activity, kept from the one that is copied, or on a page of its own."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField
from wtforms.validators import Length

from center.activities.models import Activity
from center.activities.photos.images import MOST_BYTES, Picture, draw
from center.activities.photos.models import ActivityPhoto
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.web.forms import BaseForm, no_control_characters, text_field

MOST_SENT = 2 * MOST_BYTES  # so that a photo that is somewhat too large is told so on its page
AGREE_FIRST = _l("Please make sure of this first, then choose the photo again.")


def _file() -> Any:
    return FileField(_l("Photo"), description=_l("JPEG, PNG or WebP, of at most 24 MB. It is made smaller here."))


def _alt(*, is_needed: bool) -> Any:
    hint = _l("For people who do not see it: “Eight people round a table cut red paper.”")
    return text_field(_l("What the photo shows"), most=200, hint=hint, required=is_needed)


def _alt_en() -> Any:
    return text_field(_l("What the photo shows, in English"), most=300, required=False)


def _agreed() -> Any:
    return BooleanField(
        _l("Nobody can be recognised in it, or everybody who can has agreed"),
        description=_l("For children their guardians agree. Without this no photo may be shown."),
    )


def bytes_of(field: Any) -> bytes:
    """The bytes of the file that was chosen; none where none was."""
    return bytes(field.data.read(MOST_BYTES + 1)) if field.data else b""


class PhotoForm(BaseForm):
    """A photo, and what it shows."""

    photo = _file()
    alt = _alt(is_needed=True)
    alt_en = _alt_en()
    is_agreed = _agreed()


class PhotoPart(BaseForm):
    """The photo of a new activity, if it has one, and from which activity the form was copied."""

    copied_from = HiddenField(validators=[Length(max=80), no_control_characters])
    keep_photo = BooleanField(_l("Use the photo of the activity that is copied"))
    photo = _file()
    photo_alt = _alt(is_needed=False)
    photo_alt_en = _alt_en()
    photo_agreed = _agreed()

    def offer_photo(self, known: ActivityPhoto | None) -> None:
        """Only a photo that is there can be kept."""
        if known is None:
            del self.keep_photo

    def keeps_photo(self) -> bool:
        """Whether the copied activity's photo is wanted, and no other was chosen."""
        return bool(self.keep_photo is not None and self.keep_photo.data and not self.photo.data)

    def drawn(self) -> Picture | None:
        """The photo that was chosen, if any; raises RuleBroken on the field at fault."""
        sent = bytes_of(self.photo)
        if not sent:
            return None
        if not self.photo_alt.data:
            raise RuleBroken(_l("Please fill this in."), field="photo_alt")
        if not self.photo_agreed.data:
            raise RuleBroken(AGREE_FIRST, field="photo_agreed")
        return draw(sent)


def photo_values(model: Activity, known: ActivityPhoto | None) -> dict[str, Any]:
    """What the form shows where an activity is copied."""
    return {"copied_from": model.slug, "keep_photo": known is not None}
