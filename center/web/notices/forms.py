"""Forms about how people are told, and by which addresses."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import InputRequired

from center.kernel.i18n import LANGUAGE_NAMES, languages_on_offer
from center.kernel.i18n import lazy_gettext as _l
from center.notices import queries, verifying
from center.notices.actions import ContactChoice
from center.notices.models import ABOUT_DATA, ContactPreference, EmailToVerify, Preferred
from center.notices.words import ASKED_FOR
from center.people.models import Person
from center.web.editing import EditingForm
from center.web.forms import BaseForm, CreatingForm, long_text_field, text_field

WAYS = {
    Preferred.AUTOMATIC: _l("Whatever works: e-mail if there is one, else a call when it matters"),
    Preferred.EMAIL: _l("By e-mail"),
    Preferred.CALL: _l("By a call from the desk"),
    Preferred.SLIP: _l("On paper, handed over by the desk or the grid worker"),
    Preferred.INBOX: _l("Only here in the account"),
}


class ContactForm(EditingForm):
    """How somebody wants to be told."""

    preferred = RadioField(
        _l("How should we tell you when something changes?"),
        choices=[(way.value, label) for way, label in WAYS.items()],
        default=Preferred.AUTOMATIC.value,
    )
    email = text_field(_l("E-mail"), most=254, required=False)
    locale = SelectField(_l("Language of messages"))
    tells_helpers = BooleanField(
        _l("Whoever may act for me hears of my sign-ups, too"),
        description=_l("A helper you let sign you up is told the same as you, in their own way."),
    )
    agrees = BooleanField(
        _l("You may write to me and ring me up about what I booked or signed up for"),
        description=_l("Without this nothing is sent and nobody rings. Everything still stands in the account."),
    )

    @classmethod
    def of(cls, person: Person, **given: Any) -> "ContactForm":
        """The form filled in with what a person has said so far."""
        return cls(person, queries.preference_of(person.id), verifying.find_waiting(person.id), **given)

    def __init__(
        self, person: Person, known: ContactPreference | None, waiting: EmailToVerify | None, **given: Any
    ) -> None:
        super().__init__(
            data={
                "preferred": (known.preferred if known else Preferred.AUTOMATIC).value,
                "email": waiting.address if waiting else person.email or "",
                "locale": (known.locale if known else "") or "",
                "tells_helpers": known is not None and known.tells_helpers,
                "agrees": known is None or known.withdrawn_at is None,
            },
            **given,
        )
        offered: list[tuple[str, Any]] = [
            (code, LANGUAGE_NAMES[code]) for code in languages_on_offer() if code in LANGUAGE_NAMES
        ]
        self.locale.choices = [("", _l("As in the account")), *offered]

    def choice(self) -> ContactChoice:
        """What was chosen, as plain values."""
        return ContactChoice(
            preferred=Preferred(self.preferred.data),
            locale=self.locale.data or None,
            email=self.email.data or "",
            agrees=bool(self.agrees.data),
            tells_helpers=bool(self.tells_helpers.data),
        )


class EmailCodeForm(BaseForm):
    """The code that stands in the e-mail."""

    code = text_field(_l("Code from the e-mail"), most=20, hint=_l("Eight letters and digits, such as 7KQ2-M9DF."))


class AskForm(BaseForm):
    """What somebody asks for when they are told something at their door, and about which of the things they heard."""

    about = RadioField(_l("What is it about?"), coerce=int)
    what = RadioField(
        _l("What do they ask for?"),
        choices=[(each.value, label) for each, label in ASKED_FOR.items() if each not in ABOUT_DATA],
    )
    note = text_field(
        _l("In their words"), most=300, required=False, hint=_l("Such as: not before ten, her knee hurts")
    )

    def offer(self, told: Sequence[tuple[int, str]]) -> None:
        """Ask which of these things it is about; where there is one, that."""
        self.about.choices = list(told)
        if self.about.data is None:
            self.about.data = told[0][0]


class AnswerForm(BaseForm):
    """What came of it."""

    answer = text_field(_l("What came of it"), most=300, required=False, hint=_l("The grid worker reads this"))


class WrongForm(CreatingForm):
    """What is wrong in what the centre knows of somebody, in their own words."""

    note = long_text_field(
        _l("What is wrong, and what is right?"),
        most=300,
        required=True,
        hint=_l("Such as: my birth year is 1952, not 1925; my son is no longer my helper"),
    )


class DataAskForm(CreatingForm):
    """What somebody asks about their data at the desk, on the phone or by letter."""

    what = RadioField(
        _l("What do they ask for?"),
        choices=[(each.value, ASKED_FOR[each]) for each in ABOUT_DATA],
        validators=[InputRequired(_l("Please choose one."))],
    )
    note = long_text_field(_l("In their words"), most=300, hint=_l("What is wrong, and what is right"))


class DecideAskForm(BaseForm):
    """What came of it: it is done, or it is refused with a reason."""

    outcome = RadioField(
        _l("What came of it?"),
        choices=[("done", _l("It is corrected")), ("refused", _l("It stays as it is"))],
        validators=[InputRequired(_l("Please choose one."))],
    )
    answer = long_text_field(
        _l("What you say to them"), most=300, hint=_l("They read this. Where it stays as it is, say why.")
    )


class DoNotEraseForm(BaseForm):
    """Why somebody is not erased who asks for it."""

    answer = long_text_field(_l("What you say to them"), most=300, hint=_l("They read this: say why."))


class OutgoingForm(EditingForm, CreatingForm):
    """An outgoing address. The address itself is never shown again: it holds a password or a key."""

    name = text_field(_l("Name"), most=60, hint=_l("What staff call it, such as: group of the front desk"))
    url = text_field(_l("Address"), most=500, required=False)
    is_on = BooleanField(_l("In use"), default=True)


class TestMessageForm(BaseForm):
    """Where to send a test message to."""

    __test__ = False  # no test, whatever pytest thinks of its name

    email = text_field(_l("Send the test to"), most=254)
