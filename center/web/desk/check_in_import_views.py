"""Where the desk takes in what a device could not send, from the file that it saved: each line is answered."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.file import FileField

from center.activities.models import Session
from center.activities.queries import get_session
from center.attendance.answers import Answer
from center.attendance.batches import MOST_ITEMS
from center.attendance.models import Outcome
from center.attendance.words import ANSWER_NAMES
from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.errors import NotFound, RuleBroken
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.web.activities.pages import not_confined
from center.web.batches import MALFORMED
from center.web.blueprints import desk as blueprint
from center.web.browser_rights import accepts_file
from center.web.forms import BaseForm
from center.web.scan_files import MOST_BYTES, ScanFile, read_scan_file
from center.web.scan_items import CONFLICT, Sender, take_items
from center.web.sending import form_page, result_of

NO_SESSION = "no_session"
OUTCOMES = {
    Outcome.ACCEPTED.value: (_l("Taken in"), "ok"),
    Outcome.DUPLICATE.value: (_l("Was taken in before"), "quiet"),
    Outcome.NEEDS_REVIEW.value: (_l("Waits for a decision"), "wait"),
    Outcome.REFUSED.value: (_l("Was turned away at the door"), "info"),
    CONFLICT: (_l("Its number was used for something else"), "stop"),
    MALFORMED: (_l("Cannot be read"), "stop"),
    NO_SESSION: (_l("There is no such session"), "stop"),
}


class ScanFileForm(BaseForm):
    """A file that a check-in page saved."""

    file = FileField(_l("File"), description=_l("Its name begins with check-in and ends with .json; at most 1 MB."))


@dataclass(frozen=True)
class ImportedLine:
    """One line of the file, answered."""

    session: Session | None
    name: str
    words: object
    tone: str
    said: object


@blueprint.route("/desk/check-in-import", methods=["GET", "POST"])
@requires(Permission.SIGN_UP_ANYONE)
@accepts_file(MOST_BYTES + 64 * 1024)
def check_in_import() -> ResponseReturnValue:
    """Take in a file of check-ins. What was taken in before changes nothing."""
    form = ScanFileForm()
    lines = result_of(form, lambda: _take_in(_read(form.file.data)), transacts=False)
    if lines is None:
        return form_page("desk/check_in_import.html", form, lines=None)
    return render_template("desk/check_in_import.html", form=ScanFileForm(formdata=None), lines=lines)


def _read(upload: Any) -> ScanFile:
    if not upload:
        raise RuleBroken(_("Please choose a file."), field="file")
    with closing(upload.stream):
        return read_scan_file(upload.stream.read(MOST_BYTES + 1))


def _take_in(file: ScanFile) -> list[ImportedLine]:
    """Each session's lines in batches as a device would send them; one session that is gone spoils no other."""
    lines: list[ImportedLine] = []
    for session_id, items in file.by_session().items():
        try:
            session = get_session(session_id)
            not_confined(session.activity)
        except NotFound:
            lines += [_line(None, {"outcome": NO_SESSION}) for _item in items]
            continue
        for start in range(0, len(items), MOST_ITEMS):
            lines += _answered(session, items[start : start + MOST_ITEMS])
    return lines


def _answered(session: Session, items: Sequence[dict[str, Any]]) -> list[ImportedLine]:
    answers = take_items(session, items, Sender(current_user.person), now=clock.now())
    return [_line(session, each) for each in answers]


def _line(session: Session | None, answer: dict[str, Any]) -> ImportedLine:
    words, tone = OUTCOMES[answer["outcome"]]
    known = answer.get("answer")
    said = answer.get("said") or (ANSWER_NAMES[Answer(known)] if known else "")
    return ImportedLine(session, answer.get("name", ""), words, tone, said)
