"""The month of an organisation as a ledger: what it held, who came, for how long."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.attendance import ledger as registers
from center.kernel import clock, tables
from center.kernel.access import Permission, authorise, may, signed_in
from center.kernel.access_log import Kind
from center.kernel.logs import log
from center.organisations.models import Organisation
from center.organisations.queries import get_organisation
from center.web.activities.pages import led_ids
from center.web.blueprints import posting as blueprint
from center.web.hours.lines import Month, asked_month
from center.web.people import looks
from center.web.rendering import render


@dataclass(frozen=True, kw_only=True)
class LedgerPage:
    """What was held in a month, and all of it together."""

    organisation: Organisation
    month: Month
    entries: Sequence[registers.Entry]
    together: registers.Counts
    formula: str


@blueprint.get("/workspace/organisations/<slug>/ledger")
@signed_in
def ledger(slug: str) -> ResponseReturnValue:
    """What an organisation held in a month, with how many came; nobody's name."""
    organisation, month = _led(slug), asked_month()
    entries = registers.month_of(organisation.id, month.first, month.last, now=clock.now())
    return render(
        "workspace/ledger.html",
        LedgerPage(
            organisation=organisation,
            month=month,
            entries=entries,
            together=registers.sum_of(entries),
            formula=registers.formula(),
        ),
    )


@blueprint.get("/workspace/organisations/<slug>/ledger.xlsx")
@signed_in
def ledger_table(slug: str) -> ResponseReturnValue:
    """The same as a table, with the names of those who came: written down of each of them."""
    organisation, month = _led(slug), asked_month()
    entries = registers.month_of(organisation.id, month.first, month.last, now=clock.now())
    came = registers.who_came(entries)
    looks.see(Kind.EXPORT, {each for people in came.values() for each in people}, subject=organisation.name)
    log.info("attendance_exported", organisation=organisation.id, by=current_user.person_id, sessions=len(entries))
    name = f"attendance-{organisation.slug}-{month.value}.xlsx"
    return tables.download(registers.table(organisation, month.first, entries, came), name=name)


def _led(slug: str) -> Organisation:
    organisation = get_organisation(slug)
    authorise(organisation.id in led_ids() or may(Permission.EDIT_ACTIVITIES))
    return organisation
