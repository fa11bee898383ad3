"""The roll of a session as a list and as a table for the ledger (台账): no door, no whole phone, no birth year."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from center.activities.messages import where
from center.activities.models import Session
from center.i18n import format_span, in_language, local_date
from center.i18n import gettext as _
from center.people.phones import mask
from center.signups.models import Question, SignUp
from center.signups.posting.words import answer as in_words
from center.signups.rules import age_in
from center.signups.wishing.rules import age_band

_NOT_IN_A_CELL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Line:
    """One person on the roll."""

    name: str
    ages: str
    phone: str
    uses_wheelchair: bool
    has_companion: bool
    is_picked_up: bool
    note: str
    answers: Sequence[str]  # in the order of the questions


def lines(sign_ups: Sequence[SignUp], questions: Sequence[Question], *, now: datetime) -> list[Line]:
    """Everybody on the roll, as the lead may know them."""
    return [_line(each, questions, now=now) for each in sign_ups]


def ages_in_words(birth_year: int | None, *, now: datetime) -> str:
    """Between which ages somebody is."""
    band = age_band(age_in(local_date(now).year, birth_year))
    if band is None:
        return _("Age not known")
    low, high = band
    return _("%(low)s and older", low=low) if high is None else _("%(low)s–%(high)s years", low=low, high=high)


def table(session: Session, people: Sequence[Line], questions: Sequence[Question]) -> bytes:
    """The roll as an .xlsx table. Whatever somebody typed is text in it, never a formula."""
    from openpyxl import Workbook  # heavy, and needed here only
    from openpyxl.styles import Font

    activity = session.activity
    book = Workbook()
    page = book.active
    page.title = _("Roll")
    asked = [in_language(each.words, each.words_en) for each in questions]
    heads = [_("No."), _("Full name"), _("Age"), _("Phone"), _("Wheelchair"), _("Companion"), _("Pick-up")]
    rows: list[Sequence[object]] = [
        [in_language(activity.title, activity.title_en)],
        [in_language(activity.organisation.name, activity.organisation.name_en)],
        [format_span(session.starts_at, session.ends_at), "", where(session)],
        [],
        [*heads, *asked, _("Note"), _("Signature")],
        *([n, *_cells(each)] for n, each in enumerate(people, start=1)),
    ]
    for row_number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            cell = page.cell(row=row_number, column=column)
            cell.value = _NOT_IN_A_CELL.sub("", value) if isinstance(value, str) else value
            if isinstance(value, str):
                cell.data_type = "s"
            if row_number in {1, 5}:
                cell.font = Font(bold=True)
    for letter, width in zip("ABCDEFG", (6, 16, 14, 16, 10, 10, 10), strict=True):
        page.column_dimensions[letter].width = width
    page.freeze_panes = "C6"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _line(sign_up: SignUp, questions: Sequence[Question], *, now: datetime) -> Line:
    said = {answer.question_id: in_words(answer) for answer in sign_up.answers}
    return Line(
        name=sign_up.person.name,
        ages=ages_in_words(sign_up.person.birth_year, now=now),
        phone=mask(sign_up.person.phone),
        uses_wheelchair=sign_up.uses_wheelchair,
        has_companion=sign_up.wants_companion,
        is_picked_up=sign_up.wants_pick_up,
        note=sign_up.note,
        answers=[said.get(question.id, "") for question in questions],
    )


def _cells(line: Line) -> list[str]:
    ticks = (line.uses_wheelchair, line.has_companion, line.is_picked_up)
    said = [_("Yes") if tick else "" for tick in ticks]
    return [line.name, line.ages, line.phone, *said, *line.answers, line.note, ""]
