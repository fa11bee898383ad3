"""Whether somebody who collects agrees to a photo of themselves, and the photo: asked of a guardian and at the desk."""

from collections.abc import Callable
from datetime import datetime

from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField
from wtforms.validators import InputRequired

from center.activities.photos.images import draw
from center.afterschool.models.plans import Collector
from center.afterschool.places import collector_photos
from center.afterschool.places.consents import Hand
from center.kernel.db import transaction
from center.kernel.i18n import lazy_gettext as _l
from center.web.activities.photo_forms import bytes_of
from center.web.after_school.consent_fields import ANSWER, NO, YES
from center.web.forms import BaseForm, id_of

Whose = Callable[[], Collector]  # a guardian's row may be made with their answer


class PhotoForm(BaseForm):
    """A photo of somebody who agreed to it."""

    photo = FileField(
        _l("Photo of whoever collects"),
        description=_l("JPEG, PNG or WebP, of at most 24 MB. It is made smaller, and where it was taken is not kept."),
    )

    def keep(self, whose: Whose, *, hand: Hand, now: datetime) -> None:
        """Keep the photo that was sent. It is drawn before the transaction, since that takes its time."""
        picture = draw(bytes_of(self.photo))
        with transaction():
            collector_photos.put(whose(), picture, hand=hand, now=now)


class AnswerForm(PhotoForm):
    """What they answered, and where they agree the photo."""

    version = HiddenField()
    answer = RadioField(
        _l("What do they answer?"),
        choices=[(YES, _l("They agree")), (NO, _l("They do not agree"))],
        validators=[InputRequired(_l("Please choose one of these."))],
    )

    def keep(self, whose: Whose, *, hand: Hand, now: datetime) -> None:
        """Write down the answer and keep the photo, or neither."""
        is_given = self.answer.data == YES
        picture = draw(bytes_of(self.photo)) if is_given else None
        version = id_of(self.version.data or "") or 0
        with transaction():
            collector = whose()
            collector_photos.say(collector, is_given=is_given, version=version, hand=hand, now=now)
            if picture is not None:
                collector_photos.put(collector, picture, hand=hand, now=now)


class OwnAnswerForm(AnswerForm):
    """What a guardian answers of their own photo."""

    answer = RadioField(
        _l("Do you agree?"), choices=ANSWER, validators=[InputRequired(_l("Please choose one of these."))]
    )
