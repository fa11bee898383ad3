"""Papers of an organisation in forms and answers."""

from typing import Any
from urllib.parse import quote

from flask import Response
from flask_wtf.file import FileField
from wtforms import SelectField

from center.incubator.models.incubations import DocumentKind, IncubationDocument
from center.incubator.stages.papers import MOST_BYTES
from center.incubator.stages.words import DOCUMENT_NAMES
from center.kernel.i18n import lazy_gettext as _l
from center.web.forms import BaseForm

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
        file: Any = self.file.data
        content = bytes(file.read(MOST_BYTES + 1)) if file else b""
        return DocumentKind(self.kind.data), (file.filename or "") if file else "", content


def download(document: IncubationDocument) -> Response:
    """A paper as a file to be kept; no browser shows it within the site."""
    return as_file(document.content, name=document.name, media_type=document.media_type)


def as_file(content: bytes, *, name: str, media_type: str) -> Response:
    """A file of this name, for nobody else's cache."""
    answer = Response(content, mimetype=media_type)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
