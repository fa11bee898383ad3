"""The pack of a yearly check: a table of the year, and the photographs, in one zip with what each file's digest is."""

import io
import re
from collections.abc import Mapping, Sequence

from center.kernel import tables
from center.kernel.hashed_zip import hashed_zip
from center.kernel.i18n import format_day, format_span, in_language
from center.kernel.i18n import gettext as _
from center.troupes.models.works import SaleDay
from center.troupes.works.rules import Totals
from center.troupes.yearly.records import Photograph, YearRecord
from center.troupes.yearly.words import COUNTED_HOW, COUNTED_NAMES

_NOT_IN_A_NAME = re.compile(r"[^\w\u4e00-\u9fff-]+")


def sheet_of(record: YearRecord, totals: Mapping[int, Totals]) -> bytes:
    """Four sheets: targets, what took place, sale days, members."""
    return tables.workbook_of(
        [
            (_("Targets"), _targets(record)),
            (_("Activities"), _activities(record)),
            (_("Sale days"), _sale_days(record.sale_days, totals)),
            (_("Members"), _members(record)),
        ]
    )


def pack_of(record: YearRecord, totals: Mapping[int, Totals], photographs: Sequence[Photograph]) -> bytes:
    """The zip: the table, the photographs, and a list of all files with their digests (SHA-256)."""
    files = {f"{record.troupe.slug}-{record.year}.xlsx": sheet_of(record, totals)}
    for n, each in enumerate(photographs, start=1):
        files[f"photographs/{n:03d}-{_NOT_IN_A_NAME.sub('-', each.title)[:40]}.jpg"] = each.picture
    out = io.BytesIO()
    with hashed_zip(out) as archive:
        for name, content in files.items():
            archive.put(name, content)
    return out.getvalue()


def _targets(record: YearRecord) -> list[list[object]]:
    rows: list[list[object]] = [
        [_("What is counted"), _("To be reached"), _("Counted"), _("Still missing"), _("Rule"), _("How it is counted")]
    ]
    for each in record.progress:
        counted = each.target.counted
        name, how = str(COUNTED_NAMES[counted]), str(COUNTED_HOW[counted])
        rows.append([name, each.target.least, each.count, each.still, str(each.target.source), how])
    return rows


def _activities(record: YearRecord) -> list[list[object]]:
    rows: list[list[object]] = [
        [_("No."), _("When"), _("Activity"), _("Where"), _("Kind"), _("Minutes"), _("Attendances")]
    ]
    for n, each in enumerate(record.held, start=1):
        session, activity = each.session, each.session.activity
        where = (
            in_language(session.room.name, session.room.name_en) if session.room else session.place or activity.place
        )
        kind = _("Performance") if each.is_performance else _("Rehearsal or activity")
        title = in_language(activity.title, activity.title_en)
        rows.append([n, format_span(session.starts_at, session.ends_at), title, where, kind, each.minutes, each.came])
    return rows


def _sale_days(days: Sequence[SaleDay], totals: Mapping[int, Totals]) -> list[list[object]]:
    rows: list[list[object]] = [
        [_("When"), _("Sale day"), _("Works sold"), _("Makers' income (¥)"), _("For charity (¥)"), _("What it is for")]
    ]
    for day in days:
        came = totals[day.id]
        name, purpose = in_language(day.name, day.name_en), in_language(day.purpose, day.purpose_en)
        when = format_span(day.starts_at, day.ends_at)
        rows.append([when, name, came.works, came.maker_fen / 100, came.charity_fen / 100, purpose])
    return rows


def _members(record: YearRecord) -> list[list[object]]:
    rows: list[list[object]] = [[_("Name"), _("Joined")]]
    for member in record.members:
        rows.append([member.person.name, format_day(member.joined_on) if member.joined_on else ""])
    return rows
