"""The questions that a lead asks on the sign-up form, as they are written down. Shape only."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from wtforms import BooleanField, Field, RadioField

from center.kernel.i18n import lazy_gettext as _l
from center.signups.details.questions import MOST_QUESTIONS, QuestionFacts, facts_of, refuse_unclear
from center.signups.models import Question, QuestionKind
from center.web.editing import SealedForm
from center.web.forms import BaseForm, CreatingForm, long_text_field, text_field
from center.web.sending import refusal_of

KINDS = {
    QuestionKind.SHORT_TEXT: _l("A short text"),
    QuestionKind.CHOICE: _l("One of several choices"),
    QuestionKind.YES_NO: _l("Yes or no"),
}
PARTS = ("words", "words_en", "kind", "choices", "is_required")


def _fields(*, is_needed: bool) -> dict[str, Any]:
    return {
        "words": text_field(_l("Question"), most=120, required=is_needed),
        "words_en": text_field(_l("Question in English"), most=160, required=False),
        "kind": RadioField(
            _l("How it is answered"),
            choices=[(kind.value, words) for kind, words in KINDS.items()],
            default=QuestionKind.SHORT_TEXT.value,
        ),
        "choices": long_text_field(_l("Choices"), most=1000, hint=_l("One a line, for “one of several choices” only.")),
        "is_required": BooleanField(_l("It must be answered")),
    }


class QuestionForm(SealedForm, CreatingForm):
    """One question."""

    words, words_en, kind, choices, is_required = (_fields(is_needed=True)[name] for name in PARTS)
    is_for_all = BooleanField(_l("Ask it on all dates"))

    def facts(self) -> QuestionFacts:
        """What is asked, once the form is valid."""
        return _facts({name: self._fields[name].data for name in PARTS})


class QuestionsPart(BaseForm):
    """Up to five questions of a new activity; those without words are left out."""

    def question_rows(self) -> list[list[Field]]:
        """The fields of each question."""
        return [[self._fields[f"q{n}_{name}"] for name in PARTS] for n in range(1, MOST_QUESTIONS + 1)]

    def validate(self, extra_validators: Any = None) -> bool:
        """What is unclear about a question stands beside its field; empty rows are no questions."""
        is_valid = super().validate(extra_validators)
        for n in range(1, MOST_QUESTIONS + 1):
            facts = self._row(n)
            if not facts.words and not facts.choices:
                continue
            if error := refusal_of(partial(refuse_unclear, facts), transacts=False):
                field = self._fields[f"q{n}_{error.field}"]
                field.errors = [*field.errors, error.message]
                is_valid = False
        return is_valid

    def questions(self) -> list[QuestionFacts]:
        """What is asked, once the form is valid."""
        return [facts for n in range(1, MOST_QUESTIONS + 1) if (facts := self._row(n)).words]

    def _row(self, n: int) -> QuestionFacts:
        return _facts({name: self._fields[f"q{n}_{name}"].data for name in PARTS})


for _n in range(1, MOST_QUESTIONS + 1):
    for _name, _field in _fields(is_needed=False).items():
        setattr(QuestionsPart, f"q{_n}_{_name}", _field)


def question_values(questions: Sequence[Question]) -> dict[str, Any]:
    """What the form of a new activity shows of another one's questions."""
    values: dict[str, Any] = {}
    for n, question in enumerate(questions[:MOST_QUESTIONS], start=1):
        facts = facts_of(question)
        values |= {f"q{n}_{name}": getattr(facts, name) for name in PARTS}
        values[f"q{n}_kind"] = facts.kind.value
    return values


def _facts(said: dict[str, Any]) -> QuestionFacts:
    kind = QuestionKind(said["kind"]) if said["kind"] in set(QuestionKind) else QuestionKind.SHORT_TEXT
    return QuestionFacts(
        kind=kind,
        words=said["words"] or "",
        words_en=said["words_en"] or "",
        choices=(said["choices"] or "") if kind is QuestionKind.CHOICE else "",
        is_required=bool(said["is_required"]),
    )
