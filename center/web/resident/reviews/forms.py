"""The forms of reviewers: whether they have an interest, and the sheet of points."""

from collections.abc import Iterator
from typing import Any

from wtforms import Field, RadioField
from wtforms.validators import InputRequired
from wtforms.validators import Optional as MayBeEmpty

from center.incubator.models.interests import InterestKind
from center.incubator.models.reviews import Criterion, IncubationReview, ReviewScore
from center.incubator.reviews.scoring import MOST_POINTS
from center.incubator.reviews.sheets import Given
from center.incubator.stages.words import INTEREST_NAMES
from center.kernel.i18n import in_language
from center.kernel.i18n import lazy_gettext as _l
from center.web.forms import BaseForm, long_text_field, text_field

NONE = "none"
FOR = {"yes": True, "no": False, "undecided": None}
POINTS = [(str(n), str(n)) for n in range(MOST_POINTS + 1)]


class InterestForm(BaseForm):
    """Whether a reviewer has an interest in an organisation."""

    kind = RadioField(
        _l("Have you to do with this organisation?"),
        choices=[
            (NONE, _l("No, I have no interest in it")),
            *((kind.value, name) for kind, name in INTEREST_NAMES.items()),
        ],
        validators=[InputRequired(_l("Please choose one of these."))],
    )
    note = text_field(_l("What else the centre should know"), most=200, required=False)

    @property
    def interest(self) -> InterestKind | None:
        """The kind that was chosen; None for no interest."""
        return None if self.kind.data == NONE else InterestKind(self.kind.data)


class SheetForm(BaseForm):
    """Points and words for each criterion, a vote and a remark. How many there are, the criteria say."""

    vote = RadioField(
        _l("Should it be taken in?"),
        choices=[("yes", _l("Yes")), ("no", _l("No")), ("undecided", _l("I am undecided"))],
        default="undecided",
        validators=[InputRequired(_l("Please choose one of these."))],
    )
    remark = long_text_field(_l("What speaks for it, what against it?"), most=2000)
    criteria: tuple[Criterion, ...] = ()

    def rows(self) -> Iterator[tuple[Criterion, Field, Field]]:
        """Each criterion with the fields of its points and its words."""
        for criterion in self.criteria:
            yield criterion, self[f"points_{criterion.id}"], self[f"words_{criterion.id}"]

    def given(self) -> Given:
        """What is filled in so far."""
        points, words = {}, {}
        for criterion, given, said in self.rows():
            if given.data not in {None, "", "None"}:
                points[criterion.id] = int(given.data)
            words[criterion.id] = said.data or ""
        return Given(
            points=points, words=words, is_for=FOR[self.vote.data or "undecided"], remark=self.remark.data or ""
        )


def sheet_form(review: IncubationReview, score: ReviewScore | None) -> SheetForm:
    """The form with a field for each criterion, filled in with what was kept."""
    fields: dict[str, Any] = {}
    for criterion in review.version.criteria:
        name = in_language(criterion.name, criterion.name_en)
        fields[f"points_{criterion.id}"] = RadioField(name, choices=POINTS, validators=[MayBeEmpty()])
        fields[f"words_{criterion.id}"] = long_text_field(_l("Why? (%(criterion)s)", criterion=name), most=1000)
    kind: type[SheetForm] = type("SheetOfCriteria", (SheetForm,), fields)
    form = kind(data=_values(score) if score else None)
    form.criteria = tuple(review.version.criteria)
    for _criterion, points, _words in form.rows():
        points.flags.optional = False  # it may be kept without, but not signed
    return form


def _values(score: ReviewScore) -> dict[str, Any]:
    vote = next(name for name, value in FOR.items() if value is score.is_for)
    values: dict[str, Any] = {"vote": vote, "remark": score.remark}
    for point in score.points:
        values[f"points_{point.criterion_id}"] = str(point.points)
        values[f"words_{point.criterion_id}"] = point.words
    return values
