"""One question a page, for elder mode: which question it is now, and what was said before."""

from flask import request
from wtforms import Field

from center.web.sign_ups.forms import WishesForm

NOT_CARRIED = frozenset({"csrf_token", "request_key", "seen", "step", "stage"})


class Steps:
    """Where somebody is among the questions of a form. Off, all questions are on one page."""

    def __init__(self, form: WishesForm, *, is_on: bool) -> None:
        self.form = form
        self.fields: list[Field] = form.questions_asked
        self.is_on = is_on and len(self.fields) > 1
        self.at = self._asked_for()

    @property
    def field(self) -> Field:
        """The question of this page."""
        return self.fields[self.at]

    @property
    def is_last(self) -> bool:
        """Whether this question is followed by the summary."""
        return self.at >= len(self.fields) - 1

    @property
    def person_name(self) -> str:
        """Whom the question is about, where there are several."""
        owner = self.field.name[1:].partition("_")[0]
        return next(person.name for person in self.form.people_asked if str(person.id) == owner)

    def has_more(self) -> bool:
        """Go on to the next question where this one is answered; says whether there is still one to show."""
        if not self.is_on:
            return False
        self.form.validate()
        wrong = list(self.field.errors)
        for field in self.fields:  # later ones are not looked at yet
            field.errors = []
        if wrong:
            self.field.errors = wrong
            return True
        if self.is_last:
            return False
        self.at += 1
        return True

    def to_first_wrong(self) -> None:
        """Show the first question that is not answered as it must be."""
        wrong = (n for n, field in enumerate(self.fields) if field.errors)
        self.at = next(wrong, self.at)

    def carried(self) -> list[tuple[str, str]]:
        """What was said on other pages."""
        mine = {self.field.name} if self.is_on else {field.name for field in self.fields}
        sent = request.form.items(multi=True)
        return [(name, value) for name, value in sent if name not in NOT_CARRIED | mine | self.form.asked_anew]

    def _asked_for(self) -> int:
        sent = request.form.get("step", "")
        at = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 4 else 0
        return min(at, max(0, len(self.fields) - 1))
