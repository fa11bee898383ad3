"""Forms of agreements, seats, keys, mid-term reviews, cards and leaving: shape only."""

from collections.abc import Sequence

from flask_wtf.file import FileField
from wtforms import DateField, RadioField, SelectField
from wtforms.validators import InputRequired, Optional

from center.incubator.agreements.words import CHECK_WAYS, RESULTS, SEAT_KINDS
from center.incubator.models.agreements import Seat
from center.kernel.i18n import in_language
from center.kernel.i18n import lazy_gettext as _l
from center.organisations.models import Organisation
from center.web.forms import BaseForm, CreatingForm, long_text_field, text_field
from center.web.rooms.forms import number_field

NEED_DAY = InputRequired(_l("Please choose a day, such as 2026-11-24."))
CHOOSE = InputRequired(_l("Please choose one."))
CALL_OFF, HAND = "call_off", "hand"


class TermForm(CreatingForm):
    """From when until when an organisation is here."""

    starts_on = DateField(_l("First day"), validators=[NEED_DAY])
    ends_on = DateField(_l("Last day"), description=_l("Three years later at most."), validators=[NEED_DAY])
    room_hours = number_field(_l("Hours of rooms a month"), least=0, most=400)
    reason = text_field(
        _l("Why it is extended"), most=200, required=False, hint=_l("Only where a term came before this one.")
    )


class SignedForm(BaseForm):
    """The paper on which a term is signed."""

    file = FileField(_l("Signed agreement"), description=_l("PDF, Word, Excel, JPEG or PNG, of at most 8 MB."))


class SeatForm(CreatingForm):
    """A seat or a locker for an organisation."""

    seat = SelectField(_l("Seat or locker"), coerce=int)
    starts_on = DateField(_l("First day"), validators=[NEED_DAY])
    ends_on = DateField(_l("Last day"), validators=[NEED_DAY])

    def offer(self, free: Sequence[Seat]) -> None:
        """What can be let."""
        self.seat.choices = [(each.id, f"{SEAT_KINDS[each.kind]} {each.code}") for each in free]


class KeyForm(BaseForm):
    """Which key somebody gets."""

    what = text_field(_l("Which key"), most=60)


class WordsForm(BaseForm):
    """What somebody says of a mid-term report."""

    words = long_text_field(_l("What you think of the report"), most=4000, required=True)


class CheckForm(BaseForm):
    """How somebody looked whether the report is so."""

    way = RadioField(
        _l("How"), choices=[(each.value, words) for each, words in CHECK_WAYS.items()], validators=[CHOOSE]
    )
    on = DateField(_l("Day"), validators=[NEED_DAY])
    words = long_text_field(_l("What you heard or saw"), most=2000, required=True)


class ResultForm(BaseForm):
    """What a mid-term review came to."""

    result = RadioField(
        _l("Result"), choices=[(each.value, words) for each, words in RESULTS.items()], validators=[CHOOSE]
    )
    reason = long_text_field(_l("Reason, which the organisation reads"), most=1000)


class CardForm(BaseForm):
    """What an organisation can do, in words."""

    team = long_text_field(_l("Team"), most=1000, required=True)
    money = long_text_field(_l("Money"), most=1000, required=True)
    projects = long_text_field(_l("Projects"), most=1000, required=True)
    party = long_text_field(_l("Party building"), most=1000, required=True)


class SeeToForm(BaseForm):
    """What becomes of something that an organisation which leaves still has."""

    way = RadioField(
        _l("What becomes of it"),
        choices=[(CALL_OFF, _l("Call it off and tell people")), (HAND, _l("Hand it to another organisation"))],
        validators=[CHOOSE],
    )
    to = SelectField(_l("To whom"), coerce=int, validators=[Optional()])
    reason = text_field(_l("Reason, which whoever was to come reads"), most=200, required=False)

    def offer(self, others: Sequence[Organisation]) -> None:
        """Who could take it."""
        named = [(each.id, in_language(each.name, each.name_en)) for each in others]
        self.to.choices = [(0, "–"), *named]
