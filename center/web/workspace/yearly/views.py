"""A year of a troupe beside its targets: on the page, on paper, as a table, and as a zip with the photographs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Response, make_response, request
from flask.typing import ResponseReturnValue

from center.kernel import clock, tables
from center.kernel.access import signed_in
from center.kernel.access_log import Kind
from center.kernel.i18n import local_date
from center.troupes.models.troupes import Troupe
from center.troupes.works import queries
from center.troupes.works.rules import Totals
from center.troupes.yearly import pack
from center.troupes.yearly.records import YearRecord, photographs_in, record_of
from center.troupes.yearly.words import COUNTED_HOW, COUNTED_NAMES
from center.web.blueprints import troupes as blueprint
from center.web.people import looks
from center.web.rendering import render
from center.web.troupes.pages import led
from center.web.troupes.work_words import WORDS, WorkWords


@dataclass(frozen=True, kw_only=True)
class YearPage:
    """A year: how far the troupe is, what took place, who is in it."""

    troupe: Troupe
    record: YearRecord
    totals: Mapping[int, Totals]
    this_year: int
    names: Mapping[Any, Any] = field(default_factory=lambda: COUNTED_NAMES)
    how: Mapping[Any, Any] = field(default_factory=lambda: COUNTED_HOW)
    words: WorkWords = WORDS


@blueprint.get("/workspace/troupes/<slug>/year")
@signed_in
def year(slug: str) -> ResponseReturnValue:
    """How far a troupe is with its year."""
    return render("workspace/yearly/year.html", _page(led(slug), Kind.ROLL))


@blueprint.get("/workspace/troupes/<slug>/year/print")
@signed_in
def print_year(slug: str) -> ResponseReturnValue:
    """The same on paper, for the yearly check."""
    return render("workspace/yearly/print.html", _page(led(slug), Kind.EXPORT))


@blueprint.get("/workspace/troupes/<slug>/year.xlsx")
@signed_in
def year_table(slug: str) -> ResponseReturnValue:
    """The same as a table."""
    page = _page(led(slug), Kind.EXPORT)
    return tables.download(pack.sheet_of(page.record, page.totals), name=f"{slug}-{page.record.year}.xlsx")


@blueprint.get("/workspace/troupes/<slug>/year.zip")
@signed_in
def year_pack(slug: str) -> ResponseReturnValue:
    """The table with the photographs, in one file."""
    page = _page(led(slug), Kind.EXPORT)
    record = page.record
    photographs = photographs_in(record.troupe, record.year, record.held)
    answer: Response = make_response(pack.pack_of(record, page.totals, photographs))
    answer.headers["Content-Type"] = "application/zip"
    answer.headers["Content-Disposition"] = f'attachment; filename="{slug}-{record.year}.zip"'
    return answer


def _page(troupe: Troupe, kind: Kind) -> YearPage:
    now = clock.now()
    this_year = local_date(now).year
    asked = request.args.get("year", "")
    wanted = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else this_year
    record = record_of(troupe, min(max(wanted, this_year - 10), this_year), now=now)
    looks.see(kind, [member.person for member in record.members], subject=troupe.name)
    return YearPage(troupe=troupe, record=record, totals=queries.totals(record.sale_days), this_year=this_year)
