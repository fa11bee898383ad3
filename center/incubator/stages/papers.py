"""Papers of an organisation: which kinds, how large, known by what is in them; versions stay. Never commits."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import undefer

from center.incubator.models.incubations import DocumentKind, Incubation, IncubationDocument
from center.kernel import file_sorts
from center.kernel.db import db, is_violation, lock, must_find, part_of_transaction
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.file_sorts import Sort
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.texts import tidy
from center.kernel.unreadable import CannotBeRead, file_of
from center.people.models import Person

MOST_BYTES = 8 * 1024 * 1024
MOST_OF_ONE = 40  # versions of all kinds together
NAME_MOST = 120
# What a first application has to come with.
NEEDED = (DocumentKind.APPLICATION_FORM, DocumentKind.CHARTER, DocumentKind.MEMBER_ROLL, DocumentKind.PLAN)
OF_APPLICANTS = (*NEEDED, DocumentKind.PREMISES, DocumentKind.REGISTRATION, DocumentKind.OTHER)
KEPT = (file_sorts.PDF, file_sorts.WORD, file_sorts.EXCEL, file_sorts.JPEG, file_sorts.PNG)
WRONG_KIND = _l("Please send a PDF, a Word or Excel file, or a photo as JPEG or PNG. The file is looked into.")
TOO_LARGE = _l("This file is larger than %(most)s MB. Please save it smaller.", most=MOST_BYTES // 1024**2)
ALTERED = _l("This paper is not what was sent: it was altered in the database. Tell the director.")
CLOSED = _l("It is under review, so nothing in it can be changed now.")


def sort_of(content: bytes) -> Sort:
    """What a file is, whatever its name says; raises RuleBroken on "file"."""
    if not content:
        raise RuleBroken(_l("Please choose a file that is not empty."), field="file")
    if len(content) > MOST_BYTES:
        raise RuleBroken(TOO_LARGE, field="file")
    found = file_sorts.sort_of(content)
    if found not in KEPT:
        raise RuleBroken(WRONG_KIND, field="file")
    return found


def name_of(name: str, sort: Sort) -> str:
    """The name under which a file is kept: one line, no folders, with the ending of what it is."""
    last = (tidy(name) or "").replace("\\", "/").rsplit("/", 1)[-1]
    stem = "".join(each for each in last if each.isprintable()).rsplit(".", 1)[0].strip(" .")
    return (stem or "file")[: NAME_MOST - len(sort.ending)] + sort.ending


def add(
    incubation: Incubation, kind: DocumentKind, *, name: str, content: bytes, by: Person, by_staff: bool, now: datetime
) -> IncubationDocument:
    """Keep a paper; another of its kind stays as an earlier version, the very same is kept once."""
    sort = sort_of(content)
    lock(incubation)
    there, digest = all_of(incubation), hashlib.sha256(content).hexdigest()
    last = next((each for each in there if each.kind is kind), None)
    if last is not None and last.sha256 == digest:
        return last  # sent twice
    versions = [each.version for each in there if each.kind is kind]
    if len(there) >= MOST_OF_ONE:
        raise RuleBroken(_l("There are too many files already. Ask the centre at the desk."), field="file")
    document = IncubationDocument(
        incubation_id=incubation.id,
        kind=kind,
        version=max(versions, default=0) + 1,
        name=name_of(name, sort),
        media_type=sort.media_type,
        size=len(content),
        sha256=digest,
        content=content,
        by_id=by.id,
        by_staff=by_staff,
        at=now,
    )
    try:
        with part_of_transaction():
            db.session.add(document)
            db.session.flush()
    except IntegrityError as error:
        if is_violation(error, constraint="incubation_documents_open"):
            raise Conflict(CLOSED) from error
        raise
    return document


def all_of(incubation: Incubation) -> Sequence[IncubationDocument]:
    """Every version of every paper, without what is in them."""
    query = select(IncubationDocument).where(IncubationDocument.incubation_id == incubation.id)
    return db.session.scalars(query.order_by(IncubationDocument.kind, IncubationDocument.version.desc())).all()


def latest_of(incubation: Incubation) -> list[IncubationDocument]:
    """The last version of each paper."""
    found: dict[DocumentKind, IncubationDocument] = {}
    for document in all_of(incubation):
        found.setdefault(document.kind, document)
    return list(found.values())


def missing(incubation: Incubation) -> list[DocumentKind]:
    """What has to be there before it can be sent in, and is not."""
    there = {document.kind for document in latest_of(incubation)}
    return [kind for kind in NEEDED if kind not in there]


def get_with_content(incubation: Incubation, document_id: int) -> IncubationDocument:
    """One paper with what is in it; raises NotFound, CannotBeRead where it is not what was sent."""
    query = select(IncubationDocument).where(
        IncubationDocument.id == document_id, IncubationDocument.incubation_id == incubation.id
    )
    found = db.session.scalar(query.options(undefer(IncubationDocument.content)))
    document = must_find(found, _l("There is no such paper."))
    if hashlib.sha256(file_of(document.content)).hexdigest() != document.sha256:
        raise CannotBeRead(ALTERED)
    return document
