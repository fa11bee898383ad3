"""Who hears what of a loan: whoever borrowed it, or those who lead the organisation that did."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from center.kernel.i18n import format_day, format_moment, in_language, local_date
from center.kernel.i18n import gettext as _
from center.notices import outbox
from center.notices.kinds import Kind, say_desk
from center.organisations.queries import leads_of
from center.people.models import Person
from center.troupes.lending import news
from center.troupes.lending.rules import is_live
from center.troupes.models.lending import Loan, LoanLine


def borrowers_of(loan: Loan, *, now: datetime) -> Sequence[Person]:
    """Whom one tells about a loan; nobody once they are erased."""
    if loan.person is not None:
        return [] if loan.person.erased_at is not None else [loan.person]
    assert loan.organisation_id is not None
    return leads_of(loan.organisation_id, on=local_date(now))


def tell(
    loan: Loan,
    kind: Kind,
    *,
    now: datetime,
    lines: Iterable[LoanLine] | None = None,
    show_at: datetime | None = None,
) -> None:
    """Tell whoever borrowed, in the transaction of the change."""
    told = list(lines) if lines is not None else [line for line in loan.lines if is_live(line.state)] or loan.lines
    facts: dict[str, Any] = {
        "troupe": lambda: in_language(loan.troupe.name, loan.troupe.name_en),
        "things": lambda: say_things(told),
        "due": lambda: format_day(loan.last_day),
        "number": loan.number,
        "desk": say_desk,
    }
    if show_at is not None:
        facts["show"] = lambda: format_moment(show_at)
    key = f"loan:{loan.id}:{kind.name}:{loan.due_at:%Y%m%d}:{'-'.join(str(line.id) for line in told)}"
    for person in borrowers_of(loan, now=now):
        outbox.tell(person, kind, key=f"{key}:{person.id}", facts=facts, about=f"loan:{loan.id}", now=now)


def tell_called_off(line: LoanLine, *, now: datetime) -> None:
    """Tell whoever was promised a piece that it is not lent after all."""
    tell(line.loan, news.CALLED_OFF, lines=[line], now=now)


def say_things(lines: Iterable[LoanLine]) -> str:
    """What it is, in a line: “Red drum no. 3, 12 fans”."""
    return _(", ").join(say_line(line) for line in lines)


def say_line(line: LoanLine) -> str:
    """One line of a loan."""
    name = in_language(line.thing.name, line.thing.name_en)
    if line.unit is not None:
        return _("%(thing)s no. %(label)s", thing=name, label=line.unit.label)
    return _("%(thing)s × %(num)s", thing=name, num=line.quantity) if line.quantity > 1 else name
