"""Who may belong to an organisation, and which organisations a search means. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.organisations.models import Organisation, OrganisationKind
from center.people.rules import Dated


def check_dates(starts_on: date, ends_on: date | None) -> None:
    """A membership ends on or after the day it starts."""
    if ends_on is not None and ends_on < starts_on:
        raise RuleBroken(_l("The last day is before the first day."), field="ends_on")


def check_not_a_member_twice(starts_on: date, ends_on: date | None, others: Iterable[Dated]) -> None:
    """One membership of a person in an organisation at a time; raises Conflict."""
    for other in others:
        starts_before_other_ends = other.ends_on is None or starts_on <= other.ends_on
        if starts_before_other_ends and (ends_on is None or other.starts_on <= ends_on):
            raise Conflict(
                _l("This person belongs to it already on these days. End that first, or choose later days."),
                field="starts_on",
            )


def end_before(starts_on: date, today: date) -> date | None:
    """The last day of a membership that ends now, or None where it has not counted on any day before today."""
    yesterday = today - timedelta(days=1)
    return yesterday if starts_on <= yesterday else None


def matching(organisations: Sequence[Organisation], text: str, kind: OrganisationKind | None) -> list[Organisation]:
    """Those of one kind (or any) whose name, in characters, pinyin, initials or English, has the text in it."""
    wanted = "".join(text.casefold().split())
    return [each for each in organisations if (kind is None or each.kind is kind) and wanted in _searched(each)]


def _searched(organisation: Organisation) -> str:
    syllables = organisation.sort_key.split()
    initials = "".join(syllable[0] for syllable in syllables)
    names = (organisation.name, organisation.name_en, "".join(syllables), initials)
    return "\n".join("".join(name.casefold().split()) for name in names)
