"""Pages on which staff bring in closures from a file: choose it, look at each line, import. The file is not kept."""

from collections.abc import Sequence
from contextlib import closing
from typing import Any

from flask import Response, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.file import FileField
from itsdangerous import URLSafeTimedSerializer
from wtforms import HiddenField

from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.errors import RuleBroken
from center.kernel.i18n import centre_zone, local_date
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.rooms.closure_files import MOST_BYTES, read_file, template
from center.rooms.closure_lines import ImportLine, LineState, bring_in, called, look_at
from center.rooms.queries import all_rooms
from center.web.blueprints import rooms as blueprint
from center.web.browser_rights import accepts_file
from center.web.forms import BaseForm
from center.web.sending import form_page, result_of
from center.web.sign_in_cookie import PatientSigner

CARRIED_MOST = 200_000  # what the preview carries to the next page fits into one form
CARRIED_SECONDS = 4 * 3600
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SOUND = {LineState.CHANGED, LineState.IN_USE, LineState.LIFTED, LineState.READY}


class ImportForm(BaseForm):
    """A file of closures."""

    file = FileField(_l("File"), description=_l("An .xlsx table or an .ics calendar, of at most 1 MB and 500 lines."))


class ConfirmForm(BaseForm):
    """The sound lines of a file that was looked at, signed, so that what is imported is what was shown."""

    lines = HiddenField()


@blueprint.route("/settings/closures/import", methods=["GET", "POST"])
@requires(Permission.EDIT_ROOMS)
@accepts_file(4 * MOST_BYTES)
def import_closures() -> ResponseReturnValue:
    """Choose a file, and look at what it would close."""
    form = ImportForm()
    preview = result_of(form, lambda: _preview(_read(form.file.data)), transacts=False)
    return preview or form_page("settings/rooms/import.html", form)


@blueprint.post("/settings/closures/import/confirm")
@requires(Permission.EDIT_ROOMS)
def confirm_import() -> ResponseReturnValue:
    """Import the lines that were shown; those with uses in the way are listed, each with its next step."""
    form = ConfirmForm()
    is_in_time, carried = _signer().loads_unsafe(form.lines.data or "", max_age=CARRIED_SECONDS)
    if not (form.validate_on_submit() and is_in_time):
        again = ImportForm(formdata=None)
        again.form_errors.append(
            _("This page was open for too long. Nothing was imported; please choose the file again.")
        )
        return form_page("settings/rooms/import.html", again)
    done = bring_in(carried, by=current_user.person, now=clock.now())
    return _shown("settings/rooms/import_done.html", done)


@blueprint.get("/settings/closures/import/template.xlsx")
@requires(Permission.EDIT_ROOMS)
def import_template() -> ResponseReturnValue:
    """The table to fill in."""
    answer = Response(template(today=clock.now().astimezone(centre_zone())), mimetype=XLSX)
    answer.headers["Content-Disposition"] = 'attachment; filename="closures.xlsx"'
    return answer


def _read(file: Any) -> list[ImportLine]:
    if not file or not getattr(file, "filename", ""):
        raise RuleBroken(_("Please choose a file."), field="file")
    now = clock.now()
    with closing(file.stream) as stream:
        content = stream.read(MOST_BYTES + 1)
    return look_at(read_file(file.filename, content, zone=centre_zone(), today=local_date(now)), now=now)


def _preview(lines: Sequence[ImportLine]) -> ResponseReturnValue:
    sound = [line.carried() for line in lines if line.state in SOUND]
    signed = _signer().dumps(sound) if sound else ""
    if len(signed) > CARRIED_MOST:
        raise RuleBroken(_("This file says too much for one import. Please divide it."), field="file")
    form = ConfirmForm(formdata=None, lines=signed)
    return _shown("settings/rooms/import_preview.html", lines, form)


def _shown(page: str, lines: Sequence[ImportLine], form: ConfirmForm | None = None) -> ResponseReturnValue:
    rooms = {room.code: room for room in all_rooms()}
    numbers = {state.value: sum(1 for line in lines if line.state is state) for state in LineState}
    called_lines = [(line, called(line, rooms)) for line in lines]
    return render_template(page, lines=called_lines, numbers=numbers, form=form)


def _signer() -> URLSafeTimedSerializer:
    """Of this person's session only: what somebody else looked at is not imported here."""
    salt = f"closures-import-{current_user.person_id}"
    return URLSafeTimedSerializer(str(current_app.secret_key), salt=salt, signer=PatientSigner)
