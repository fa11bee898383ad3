"""A sale day as a table: what was sold, for how much, and the makers' income and what was given apart."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from center.kernel import tables
from center.kernel.i18n import format_moment, in_language
from center.kernel.i18n import gettext as _
from center.troupes.models.works import Sale, SaleDay, Work
from center.troupes.works.rules import stands
from center.troupes.works.words import WORK_STATES


def sheet_of(day: SaleDay, works: Sequence[Work], sales: Sequence[Sale], *, now: datetime) -> bytes:
    """Two sheets: each work of the day, and the income of each maker."""
    sold = {sale.work_id: sale for sale in sales}
    head = [_("No."), _("Title"), _("Maker"), _("Price (¥)"), _("Maker's share (¥)"), _("For charity (¥)"), _("State")]
    rows: list[list[object]] = [[*head, _("Sold at")]]
    for work in works:
        sale = sold.get(work.id)
        state = WORK_STATES[stands(work.state, work.reserved_until, now=now)]
        amounts = [work.price_fen / 100, work.maker_fen / 100, work.charity_fen / 100]
        title = in_language(work.title, work.title_en)
        rows.append([work.number, title, work.maker.name, *amounts, str(state), format_moment(sale.at) if sale else ""])
    return tables.workbook_of([(_("Works"), rows), (_("Makers"), _by_maker(sales))])


def _by_maker(sales: Sequence[Sale]) -> list[list[object]]:
    """Makers by name, not by income: this is no ranking."""
    of_maker: dict[tuple[str, int, str], list[Sale]] = defaultdict(list)
    for sale in sales:
        person = sale.work.maker
        of_maker[person.sort_key, person.id, person.name].append(sale)
    rows: list[list[object]] = [[_("Maker"), _("Works sold"), _("Maker's share (¥)"), _("For charity (¥)")]]
    for (_key, _id, name), theirs in sorted(of_maker.items(), key=lambda each: each[0]):
        maker, given = sum(sale.maker_fen for sale in theirs), sum(sale.charity_fen for sale in theirs)
        rows.append([name, len(theirs), maker / 100, given / 100])
    maker, given = sum(sale.maker_fen for sale in sales), sum(sale.charity_fen for sale in sales)
    rows.append([_("Together"), len(sales), maker / 100, given / 100])
    return rows
