"""Papers of an organisation in forms and answers."""

from typing import Any
from urllib.parse import quote

from flask import Response, render_template
from flask_wtf.file import FileField
from wtforms import SelectField

from center.incubator.letters import writing
from center.incubator.models.incubations import DocumentKind, Incubation
from center.incubator.models.publications import IncubationLetter
from center.incubator.stages import papers
from center.incubator.stages.papers import MOST_BYTES
from center.incubator.stages.words import DOCUMENT_NAMES
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.unreadable import file_of
from center.web.forms import BaseForm
from center.web.incubation.pages import letter_among
from center.web.people.looks import see_paper

MOST_SENT = 2 * MOST_BYTES  # so that a file that is somewhat too large is told so on its page


class PaperForm(BaseForm):
    """A paper to be kept."""

    kind = SelectField(_l("Which paper is it?"))
    file = FileField(_l("File"), description=_l("PDF, Word, Excel, JPEG or PNG, of at most 8 MB."))

    def offer(self, kinds: tuple[DocumentKind, ...]) -> "PaperForm":
        """Only papers of these kinds can be sent here."""
        self.kind.choices = [(kind.value, DOCUMENT_NAMES[kind]) for kind in kinds]
        return self

    def sent(self) -> tuple[DocumentKind, str, bytes]:
        """What was chosen: its kind, its name, and the bytes in it."""
        return DocumentKind(self.kind.data), *file_in(self.file)


def file_in(field: FileField) -> tuple[str, bytes]:
    """What was chosen in a field: its name, and the bytes in it, of which one too many is read to tell."""
    file: Any = field.data
    return (file.filename or "", bytes(file.read(MOST_BYTES + 1))) if file else ("", b"")


def download(incubation: Incubation, document_id: int, *, why: str = "application") -> Response:
    """A paper as a file to be kept; no browser shows it within the site, and who took it is written down."""
    document = papers.get_with_content(incubation, document_id)
    subject = f"{incubation.organisation.name} · {DOCUMENT_NAMES[document.kind]}"
    see_paper(subject, person_id=incubation.applicant_id, why=why)
    return as_file(file_of(document.content), name=document.name, media_type=document.media_type)


def letter_page(incubation: Incubation, at_step: int) -> str:
    """A letter, as a page to print."""
    found = _letter(incubation, at_step)
    return render_template("shared/incubation/letter.html", letter=found, number=writing.number_of(found.decision))


def letter_file(incubation: Incubation, at_step: int) -> Response:
    """The same as a document of Word."""
    found = _letter(incubation, at_step)
    name = f"{found.decision.letter_year}-{found.decision.letter_number}.docx"
    return as_file(writing.document(found), name=name, media_type=writing.TYPE)


def _letter(incubation: Incubation, at_step: int) -> IncubationLetter:
    found = letter_among(incubation, at_step)
    subject = f"{incubation.organisation.name} · {writing.number_of(found.decision)}"
    see_paper(subject, person_id=incubation.applicant_id, why="application")
    return found


def as_file(content: bytes, *, name: str, media_type: str) -> Response:
    """A file of this name, for nobody else's cache."""
    answer = Response(content, mimetype=media_type)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
