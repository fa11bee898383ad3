"""The defence file of an incident, for the director alone: as a page to print, and as a file to hand out."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, make_response, render_template
from flask.typing import ResponseReturnValue

from center.afterschool.records import defence, incidents
from center.afterschool.records.defence import Defence
from center.afterschool.words import (
    ALARM_ANSWERS,
    ALARM_KINDS,
    ALERT_LEVELS,
    CHECK_KINDS,
    DIFFERENT,
    DUTY_ROLES,
    HALVES,
    HOLDERS,
    PURPOSES,
)
from center.kernel import tables
from center.kernel.access import Permission, requires
from center.kernel.access_log import Kind, note
from center.kernel.i18n import format_clock, format_moment
from center.kernel.i18n import gettext as _
from center.people.looked import WORDS as LOOKED
from center.web.blueprints import classroom as blueprint
from center.web.people import looks
from center.web.rendering import render


@dataclass(frozen=True, kw_only=True)
class DefencePage:
    """The file, and what its codes are called."""

    file: Defence
    words: Mapping[str, Mapping[Any, Any]]


@blueprint.get("/classroom/incidents/<id:incident_id>/defence")
@requires(Permission.RUN_AFTER_SCHOOL)
def defence_file(incident_id: int) -> ResponseReturnValue:
    """All that is known of the day of an incident."""
    return render("classroom/defence.html", _page(_file(incident_id)))


@blueprint.get("/classroom/incidents/<id:incident_id>/defence.zip")
@requires(Permission.RUN_AFTER_SCHOOL)
def defence_zip(incident_id: int) -> ResponseReturnValue:
    """The page, and the day minute by minute as a table."""
    file = _file(incident_id)
    note(Kind.EXPORT, person_id=file.incident.child_id, subject=_("Defence file"))
    page = render_template("classroom/defence_file.html", file=file, words=_words())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"incident-{file.incident.id}.html", page)
        archive.writestr(f"incident-{file.incident.id}-minutes.xlsx", _minutes(file))
    return _download(out.getvalue(), f"incident-{file.incident.id}.zip")


def _file(incident_id: int) -> Defence:
    found = incidents.get(incident_id)
    looks.see(Kind.CHILD, [found.child], why="incident")
    return defence.of(found)


def _page(file: Defence) -> DefencePage:
    return DefencePage(file=file, words=_words())


def _words() -> dict[str, Mapping[Any, Any]]:
    return {
        "answers": ALARM_ANSWERS,
        "alarms": ALARM_KINDS,
        "levels": {each.value: words for each, words in ALERT_LEVELS.items()},
        "checks": CHECK_KINDS,
        "changes": DIFFERENT,
        "roles": DUTY_ROLES,
        "halves": HALVES,
        "holders": HOLDERS,
        "purposes": PURPOSES,
        "looked": LOOKED,
    }


def _minutes(file: Defence) -> bytes:
    head = (_("Time"), _("Who holds the child"), _("Since"), _("Adults"), _("Children"), _("Enough adults"))
    rows: list[tuple[object, ...]] = [head]
    for each in defence.minutes(file):
        enough = "" if each.is_enough is None else _("Yes") if each.is_enough else _("No")
        holder = str(HOLDERS[each.hold.holder])
        adults, children = each.adults if each.adults is not None else "", each.children if each.children else ""
        rows.append((format_clock(each.at), holder, format_moment(each.hold.since), adults, children, enough))
    return tables.workbook(_("Minutes"), rows, bold={1}, widths=(10, 28, 24, 10, 10, 14), freeze="A2")


def _download(content: bytes, name: str) -> Response:
    answer = make_response(content)
    answer.headers["Content-Type"] = "application/zip"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
