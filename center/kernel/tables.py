"""Tables as .xlsx files. Whatever somebody typed is text in them, never a formula."""

import io
import re
from collections.abc import Collection, Iterable, Sequence

from flask import Response, make_response

_NOT_IN_A_CELL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(
    title: str, rows: Iterable[Sequence[object]], *, bold: Collection[int], widths: Sequence[int], freeze: str
) -> bytes:
    """One sheet of rows; `bold` are numbers of rows, from 1; all above and left of `freeze` stays in sight."""
    from openpyxl import Workbook  # heavy, and needed here only
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    page = book.active
    page.title = title
    for row_number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            cell = page.cell(row=row_number, column=column)
            cell.value = _NOT_IN_A_CELL.sub("", value) if isinstance(value, str) else value
            if isinstance(value, str):
                cell.data_type = "s"
            if row_number in bold:
                cell.font = Font(bold=True)
    for column, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(column)].width = width
    page.freeze_panes = freeze
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def workbook_of(sheets: Iterable[tuple[str, Sequence[Sequence[object]]]]) -> bytes:
    """Several sheets, each with its head in the first row."""
    from openpyxl import Workbook  # heavy, and needed here only
    from openpyxl.styles import Font

    book = Workbook()
    for number, (title, rows) in enumerate(sheets):
        page = book.active if number == 0 else book.create_sheet()
        page.title = re.sub(r"[\[\]:*?/\\]", " ", title)[:31]
        for row_number, row in enumerate(rows, start=1):
            for column, value in enumerate(row, start=1):
                cell = page.cell(row=row_number, column=column)
                cell.value = _NOT_IN_A_CELL.sub("", value) if isinstance(value, str) else value
                if isinstance(value, str):
                    cell.data_type = "s"
                if row_number == 1:
                    cell.font = Font(bold=True)
        page.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def download(content: bytes, *, name: str) -> Response:
    """An .xlsx file to be kept under this name."""
    answer = make_response(content)
    answer.headers["Content-Type"] = TYPE
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
