"""A photo of a child that a guardian sends, or hands in at the desk."""

from flask_wtf.file import FileField

from center.activities.photos.images import Picture, draw
from center.kernel.i18n import lazy_gettext as _l
from center.web.activities.photo_forms import bytes_of
from center.web.forms import BaseForm


class ChildPhotoForm(BaseForm):
    """A photo of a child."""

    photo = FileField(
        _l("Photo of the child"),
        description=_l("JPEG, PNG or WebP, of at most 24 MB. It is made smaller, and where it was taken is not kept."),
    )

    def drawn(self) -> Picture:
        """What was sent, made smaller: before a transaction, since that takes its time."""
        return draw(bytes_of(self.photo))
