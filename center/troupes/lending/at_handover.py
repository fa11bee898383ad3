"""What of costumes and props is open when a troupe's leader changes: what is lent, and what is not fit."""

from collections.abc import Iterable
from datetime import datetime

from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.troupes.lending.queries import open_loans, things_of
from center.troupes.members.handover import OpenThing, add_source
from center.troupes.models.lending import LIVE, Loan
from center.troupes.models.troupes import Troupe


def _lent(troupe: Troupe, _now: datetime) -> Iterable[OpenThing]:
    loans, things = open_loans(troupe), things_of(troupe)
    yield OpenThing("loans", len(loans), [_line(each) for each in loans])
    yield OpenThing("things", len(things), [f"{each.name} {each.kept_at}".strip() for each in things])


def _line(loan: Loan) -> str:
    """A loan by its number, what it is of and when it is due; not whose it is."""
    lent = " ".join(
        f"{line.thing.name}{f' {line.unit.label}' if line.unit else f'×{line.quantity}'}"
        for line in loan.lines
        if line.state in LIVE
    )
    return f"{loan.number} · {lent} · {local_date(loan.due_at)}"


add_source(_lent, {"loans": _l("Loans that are out or promised"), "things": _l("Costumes and props")})
