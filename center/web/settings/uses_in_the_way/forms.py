"""The form that asks what becomes of the uses in the way of a change."""

from collections.abc import Iterable, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, RadioField, SelectField

from center.bookings.affected_uses.rules import Choices, Fate
from center.kernel.i18n import lazy_gettext as _l
from center.web.forms import BaseForm, text_field

PREFIX = "decide-"
SEEN = f"{PREFIX}seen"
USE = f"{PREFIX}use_"
CONFIRMED = f"{PREFIX}confirmed"
AS_FOR_ALL = ("", _l("As for all"))


FATES = (
    (Fate.CANCEL.value, _l("Cancel it")),
    (Fate.KEEP.value, _l("Keep it: it goes ahead although the room is shut")),
)


class DecisionForm(BaseForm):
    """What becomes of the uses in the way: a choice for all, and for each that differs; and what people are told."""

    class Meta(BaseForm.Meta):
        csrf = False  # it stands inside a form that has its own token

    same = RadioField(_l("For all of them"), validate_choice=False, default="")
    agreed = BooleanField(
        _l("Those whose booking begins within 24 hours agree to move"),
        description=_l("Ring them first. Everybody else is told, and may say no."),
    )
    why = text_field(_l("Reason"), most=200, required=False, hint=_l("Whoever booked will read this."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix=PREFIX, **kwargs)
        self.same.choices = [
            ("", _l("I choose for each one")),
            (Fate.MOVE.value, _l("Move them to the nearest rooms or times that suit")),
            (Fate.CANCEL.value, _l("Cancel them")),
            (Fate.KEEP.value, _l("Keep them: they go ahead although the room is shut")),
        ]


def decision_form(sent: MultiDict[str, str], offers: Iterable[tuple[int, Any, Sequence[tuple[str, Any]]]]) -> Any:
    """The form with a question for each booking: (use, what it is called, the moves on offer)."""
    fields = {
        f"use_{use_id}": SelectField(label, choices=[AS_FOR_ALL, *FATES, *moves], validate_choice=False)
        for use_id, label, moves in offers
    }
    return type("DecisionFormOfThese", (DecisionForm,), fields)(
        formdata=sent if f"{PREFIX}same" in sent or f"{PREFIX}why" in sent else None
    )


def choices_of(sent: MultiDict[str, str]) -> Choices:
    """What was chosen, as it was sent."""
    own = {
        int(number): value
        for name, value in sent.items()
        if name.startswith(USE)
        and (number := name.removeprefix(USE)).isascii()
        and number.isdigit()
        and len(number) < 10
    }
    return Choices(frozenset(sent.getlist(SEEN)), sent.get(f"{PREFIX}same", ""), own)
