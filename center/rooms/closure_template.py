"""The table of closures that staff fill in."""

import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from center.kernel.i18n import gettext as _
from center.rooms.models import Room
from center.rooms.queries import all_rooms


def template(*, today: datetime) -> bytes:
    """A table to fill in, in the reader's language, with two lines as examples."""
    from openpyxl import Workbook  # heavy, and needed here only
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.active
    sheet.title = _("Closures")
    sheet.append([_("Room"), _("From"), _("Until"), _("Reason"), _("Reason in English")])
    rooms = all_rooms()
    day = today.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None) + timedelta(days=28)
    example = _("Example: delete this line")
    if rooms:
        sheet.append([rooms[0].code, day.replace(hour=14), day.replace(hour=17), "设备检修", example])
    sheet.append([_("All"), day.date(), day.date(), "全中心消毒", example])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for column, width in zip("ABCDE", (14, 20, 20, 40, 40), strict=True):
        sheet.column_dimensions[column].width = width
    _offer_rooms(sheet, rooms)
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _offer_rooms(sheet: Any, rooms: Sequence[Room]) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    codes = ",".join(room.code for room in rooms)
    if len(codes) < 240:  # as much as a spreadsheet takes
        choice = DataValidation(type="list", formula1=f'"{codes}"', allow_blank=True, showErrorMessage=False)
        choice.add("A2:A500")
        sheet.add_data_validation(choice)
