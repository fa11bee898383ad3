"""Forms of partners and their days of service: shape only."""

from collections.abc import Sequence

from wtforms import BooleanField, DateField, SelectField
from wtforms.validators import InputRequired

from center.activities.models import Session
from center.incubator.models.partners import PartnerKind
from center.incubator.partners.actions import DayFacts, PartnerFacts
from center.incubator.partners.words import ONE_OF
from center.kernel.i18n import format_clock, in_language
from center.kernel.i18n import lazy_gettext as _l
from center.web.editing import EditingForm
from center.web.forms import BaseForm, CreatingForm, long_text_field, text_field
from center.web.rooms.forms import number_field

NEED_DAY = InputRequired(_l("Please choose a day, such as 2026-11-24."))


class PartnerForm(EditingForm):
    """What is known of a partner."""

    kind = SelectField(_l("Kind"), choices=[(each.value, words) for each, words in ONE_OF.items()])
    name = text_field(_l("Name"), most=80)
    name_en = text_field(_l("Name in English"), most=120, required=False)
    contact = text_field(
        _l("Contact"),
        most=120,
        required=False,
        hint=_l("Everybody reads this. A name and an office phone, never somebody's own number without their word."),
    )
    offers = long_text_field(_l("What it offers"), most=300)
    offers_en = long_text_field(_l("What it offers, in English"), most=400)
    is_retired = BooleanField(_l("No longer a partner"))

    @property
    def facts(self) -> PartnerFacts:
        """What was filled in."""
        return PartnerFacts(
            kind=PartnerKind(self.kind.data),
            name=self.name.data or "",
            name_en=self.name_en.data or "",
            contact=self.contact.data or "",
            offers=self.offers.data or "",
            offers_en=self.offers_en.data or "",
            is_retired=bool(self.is_retired.data),
        )


class NewPartnerForm(CreatingForm):
    """A partner that is new."""

    kind = SelectField(_l("Kind"), choices=[(each.value, words) for each, words in ONE_OF.items()])
    name = text_field(_l("Name"), most=80)
    contact = text_field(_l("Contact"), most=120, required=False)
    offers = long_text_field(_l("What it offers"), most=300)

    @property
    def facts(self) -> PartnerFacts:
        """What was filled in."""
        return PartnerFacts(
            kind=PartnerKind(self.kind.data),
            name=self.name.data or "",
            contact=self.contact.data or "",
            offers=self.offers.data or "",
        )


class DayForm(CreatingForm):
    """A day on which a partner served."""

    on_date = DateField(_l("Day"), validators=[NEED_DAY])
    what = text_field(_l("What was offered"), most=120)
    place = text_field(_l("Where"), most=120, required=False)
    reached = number_field(
        _l("Residents who were helped"), least=0, most=5000, hint=_l("As counted that day; nobody's name.")
    )

    @property
    def facts(self) -> DayFacts:
        """What was filled in."""
        return DayFacts(
            on_date=self.on_date.data,
            what=self.what.data or "",
            place=self.place.data or "",
            reached=self.reached.data,
        )


class RegisterForm(BaseForm):
    """Whose register says whom a day of service reached."""

    session = SelectField(_l("Which register"), coerce=int, description=_l("Whoever came to it is counted once."))

    def offer(self, sessions: Sequence[Session]) -> "RegisterForm":
        """The registers of that day, and none."""
        named = [
            (each.id, f"{format_clock(each.starts_at)} {in_language(each.activity.title, each.activity.title_en)}")
            for each in sessions
        ]
        self.session.choices = [(0, _l("None: the number that was typed counts")), *named]
        return self


class TurnForm(BaseForm):
    """How long somebody served that day."""

    minutes = number_field(_l("Minutes"), least=1, most=720)
