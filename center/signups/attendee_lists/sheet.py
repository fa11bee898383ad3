"""The list of who comes, for a page and as a table for the ledger (台账): no door, no whole phone, no birth year."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from center.activities.models import Session
from center.activities.words import where
from center.kernel import tables
from center.kernel.i18n import centre_zone, format_span, in_language, local_date
from center.kernel.i18n import gettext as _
from center.people.phones import mask
from center.signups.models import Question, SignUp
from center.signups.posting.words import answer as in_words
from center.signups.rules import age_in


@dataclass(frozen=True)
class AttendeeLine:
    """One person on the list."""

    name: str
    ages: str
    phone: str
    uses_wheelchair: bool
    has_companion: bool
    is_picked_up: bool
    note: str
    answers: Sequence[str]  # in the order of the questions


def lines(sign_ups: Sequence[SignUp], questions: Sequence[Question], *, now: datetime) -> list[AttendeeLine]:
    """Everybody on the list, as the lead may know them."""
    return [_line(each, questions, now=now) for each in sign_ups]


def ages_in_words(birth_year: int | None, *, now: datetime) -> str:
    """Between which ages somebody is."""
    band = age_band(age_in(local_date(now).year, birth_year))
    if band is None:
        return _("Age not known")
    low, high = band
    return _("%(low)s and older", low=low) if high is None else _("%(low)s–%(high)s years", low=low, high=high)


def file_name(session: Session) -> str:
    """Which list it is: of which activity, on which day, at which hour."""
    starts = session.starts_at.astimezone(centre_zone())
    return f"roll-{session.activity.slug}-{starts:%Y-%m-%d-%H%M}.xlsx"


def table(session: Session, people: Sequence[AttendeeLine], questions: Sequence[Question]) -> bytes:
    """The list as an .xlsx table. Whatever somebody typed is text in it, never a formula."""
    activity = session.activity
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
    return tables.workbook(_("Roll"), rows, bold={1, 5}, widths=(6, 16, 14, 16, 10, 10, 10), freeze="C6")


def _line(sign_up: SignUp, questions: Sequence[Question], *, now: datetime) -> AttendeeLine:
    said = {answer.question_id: in_words(answer) for answer in sign_up.answers}
    return AttendeeLine(
        name=sign_up.person.name,
        ages=ages_in_words(sign_up.person.birth_year, now=now),
        phone=mask(sign_up.person.phone),
        uses_wheelchair=sign_up.uses_wheelchair,
        has_companion=sign_up.wants_companion,
        is_picked_up=sign_up.wants_pick_up,
        note=sign_up.note,
        answers=[said.get(question.id, "") for question in questions],
    )


def _cells(line: AttendeeLine) -> list[str]:
    ticks = (line.uses_wheelchair, line.has_companion, line.is_picked_up)
    said = [_("Yes") if tick else "" for tick in ticks]
    return [line.name, line.ages, line.phone, *said, *line.answers, line.note, ""]


def age_band(age: int | None) -> tuple[int, int | None] | None:
    """The ages between which somebody is, as those who prepare an activity need to know it; not the birth year."""
    if age is None:
        return None
    bands = ((0, 5), (6, 13), (14, 17), (18, 59), (60, 69), (70, 79), (80, None))
    return next((low, high) for low, high in bands if high is None or age <= high)
