"""The form of signing up: who comes, and for each person their needs and answers. Shape only."""

import uuid
from collections.abc import Sequence
from typing import Any, TypeVar

from wtforms import BooleanField, Field, HiddenField, RadioField, SelectMultipleField
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from center.kernel.errors import DomainError
from center.kernel.i18n import gettext as _
from center.kernel.i18n import in_language
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.sealed import Facts
from center.people.households import door_words, has_door
from center.people.models import Person
from center.signups.answers import ANSWER_MOST, NO, YES, Asked, choices_of
from center.signups.models import Question, QuestionKind, SignUp
from center.signups.refusals import Gate, GateShut
from center.signups.sign_up_request import PlaceRequest, Refused
from center.web.editing import SealedForm
from center.web.forms import no_control_characters, text_field

T = TypeVar("T", bound="DetailsForm")
NOTE_MOST = 200


class DetailsForm(SealedForm):
    """For each person their needs and answers, in fields of their own (see `asking`)."""

    request_key = HiddenField(validators=[Length(max=36), no_control_characters], default=lambda: str(uuid.uuid4()))
    people_asked: Sequence[Person] = ()
    asked: Asked = Asked()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person_errors: dict[int, list[Any]] = {}

    def block(self, person_id: int) -> list[Field]:
        """The fields about one person, in order."""
        return [field for name, field in self._fields.items() if name.startswith(f"w{person_id}_")]

    @property
    def questions_asked(self) -> list[Field]:
        """The fields about anybody, in order."""
        return [field for person in self.people_asked for field in self.block(person.id)]

    def wanted(self, person_id: int) -> PlaceRequest:
        """What is wanted for one person, once the form is valid."""
        said = {name: self._said(person_id, name) for name in ("wheelchair", "companion", "pick_up", "need", "note")}
        answers = {question.id: self._said(person_id, f"q{question.id}") or "" for question in self.asked.questions}
        return PlaceRequest(
            person_id=person_id,
            uses_wheelchair=bool(said["wheelchair"]),
            wants_companion=bool(said["companion"]),
            wants_pick_up=bool(said["pick_up"]),
            has_access_need=bool(said["need"]),
            note=said["note"] or "",
            answers=answers,
        )

    def compare(self, facts: Facts, *, is_shown: bool = True) -> bool:
        """Whether something has changed since it was opened; what was answered to other words is asked anew."""
        is_changed = super().compare(facts, is_shown=is_shown)
        self.ask_anew()
        return is_changed

    def ask_anew(self) -> None:
        """Empty what was answered to other words, and say so."""
        for name in self.asked_anew:
            self[name].data = None
            self[name].errors = [*self[name].errors, _("This question has changed. Please answer it again.")]

    @property
    def asked_anew(self) -> list[str]:
        """The names of the fields that are asked anew."""
        changed = [each.name for each in self.changed if each.name.startswith("q")]
        names = [f"w{person.id}_{name}" for person in self.people_asked for name in changed]
        return [name for name in names if name in self]

    def refuse_each(self, refused: dict[int, Sequence[DomainError]]) -> None:
        """Put everybody's refusals on their own fields; what is about no field is about the person."""
        for name, words in self.places_of(refused):
            self.say_refusal(name, words)

    def places_of(self, refused: dict[int, Sequence[DomainError]]) -> tuple[tuple[str, str], ...]:
        """Where each refusal belongs, in words: the name of a field, or "person-" and the id of whom it is about."""
        found = []
        for person_id, errors in refused.items():
            for error in errors:
                name = "need" if isinstance(error, GateShut) and error.gate is Gate.ACCESS_NEED else error.field
                field = f"w{person_id}_{name}"
                found.append((field if field in self else f"person-{person_id}", str(error.message)))
        return tuple(found)

    def say_refusal(self, name: str, words: Any) -> None:
        """Say a refusal where `places_of` says that it belongs."""
        if name.startswith("person-"):
            self.person_errors.setdefault(int(name.removeprefix("person-")), []).append(words)
        else:
            super().say_refusal(name, words)

    def refuse(self, error: DomainError) -> None:
        """Show a refusal, of each person beside them; where one person is asked, on that person's own field."""
        if isinstance(error, Refused):
            self.refuse_each(error.refused)
        elif len(self.people_asked) == 1 and f"w{self.people_asked[0].id}_{error.field}" in self._fields:
            self.refuse_each({self.people_asked[0].id: [error]})
        else:
            super().refuse(error)

    @property
    def is_wrong(self) -> bool:
        """Whether anything stands against the form, a field or one of the people on it."""
        return super().is_wrong or bool(self.person_errors)

    def error_list(self) -> list[tuple[str | None, str]]:
        """The summary on top; of several people, each line begins with the name."""
        names = {person.id: person.name for person in self.people_asked}
        listed = []
        for place, words in super().error_list():
            owner = int(place[1:].partition("_")[0]) if place and place[0] == "w" and "_" in place else None
            name = names.get(owner) if owner is not None and len(names) > 1 else None
            name = None if name and words.startswith(name) else name
            listed.append((place, f"{name}: {words}" if name else words))
        for person_id, errors in self.person_errors.items():
            several = len(names) > 1
            listed += [
                (f"person-{person_id}", f"{names[person_id]}: {each}" if several else str(each)) for each in errors
            ]
        return listed

    def _said(self, person_id: int, name: str) -> Any:
        field = self._fields.get(f"w{person_id}_{name}")
        return field.data if field is not None else None


class SignUpForm(DetailsForm):
    """Sign up: oneself, and whoever else one may act for."""

    people = SelectMultipleField(
        _l("Who comes?"), coerce=int, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    stays_together = BooleanField(_l("All of us, or nobody: we wait together if there are too few places"))

    def offer(self, people: Sequence[Person], *, is_begun: bool) -> None:
        """Ask which of these come; before anything is said, the first of them does."""
        self.people.choices = [(each.id, each.name) for each in people]
        if people and not is_begun:
            self.people.data = [people[0].id]


def asking(base: type[T], people: Sequence[Person], asked: Asked, *, with_note: bool = True) -> type[T]:
    """A form that asks each of these people what the roster asks."""
    fields: dict[str, Any] = {"people_asked": tuple(people), "asked": asked}
    for person in people:
        fields |= _block(person, asked, with_note=with_note)
    return type(base.__name__, (base,), fields)


def values_of(sign_up: SignUp) -> dict[str, Any]:
    """What the form shows of somebody's sign-up."""
    mine = f"w{sign_up.person_id}_"
    return {
        f"{mine}wheelchair": sign_up.uses_wheelchair,
        f"{mine}companion": sign_up.wants_companion,
        f"{mine}pick_up": sign_up.wants_pick_up,
        f"{mine}need": sign_up.has_access_need,
        f"{mine}note": sign_up.note,
        **{f"{mine}q{answer.question_id}": answer.says for answer in sign_up.answers},
    }


def _block(person: Person, asked: Asked, *, with_note: bool) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if asked.access_need:
        made["need"] = BooleanField(_l("Needs the access services of this activity"))
    if asked.wheelchair:
        made["wheelchair"] = BooleanField(_l("Comes in a wheelchair"))
    if asked.companion:
        hint = _l("A seat beside is kept for whoever comes along.")
        made["companion"] = BooleanField(_l("With a companion"), description=hint)
    if asked.pick_up and has_door(person):
        hint = _l("From %(home)s. Only the driver and the desk see this address.", home=door_words(person))
        made["pick_up"] = BooleanField(_l("Please pick up at home"), description=hint)
    for question in asked.questions:
        made[f"q{question.id}"] = _question(question)
    if with_note:
        hint = _l("Those who prepare it, and the desk, see this.")
        made["note"] = text_field(_l("A short note"), most=NOTE_MOST, required=False, hint=hint)
    return {f"w{person.id}_{name}": field for name, field in made.items()}


def _question(question: Question) -> Field:
    words = in_language(question.words, question.words_en)
    hint = _l("Those who prepare it, and the desk, see your answer.")
    if question.kind is QuestionKind.SHORT_TEXT:
        return text_field(words, most=ANSWER_MOST, required=question.is_required, hint=hint)
    options: list[tuple[str, Any]] = [(each, each) for each in choices_of(question)]
    if question.kind is QuestionKind.YES_NO:
        options = [(YES, _("Yes")), (NO, _("No"))]
    if question.is_required:
        return RadioField(words, description=hint, choices=options)
    return RadioField(words, description=hint, choices=[*options, ("", _("No answer"))], default="")
