"""The files of a pack, in order: each with its path, and how its bytes are read when its turn has come."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from sqlalchemy import select

from center.activities.photos.models import ActivityPhoto
from center.incubator.evidence import documents
from center.incubator.evidence.gathering import Gathered, HeldActivity, HeldSession
from center.incubator.evidence.rules import file_name, names_once
from center.incubator.evidence.words import PARTS
from center.incubator.models.evidence import EvidencePicture, SpendingEntry
from center.kernel.db import db
from center.kernel.unreadable import Unreadable, file_of


@dataclass(frozen=True, kw_only=True)
class File:
    """One file of a pack. `read` gives None where it was taken away meanwhile; what is packed is only stored."""

    part: str
    path: str
    what: str
    read: Callable[[], bytes | None]
    is_packed: bool = False


def files_of(gathered: Gathered) -> list[File]:
    """Every file but the index and the list of hashes."""
    receipts = _receipt_names(gathered)
    found = [*_papers(gathered), *_pictures(gathered)]
    tables = {"register": documents.register, "feedback": documents.feedback}
    if gathered.sessions:
        found += [
            File(part=part, path=f"{part}/{part}.xlsx", what=str(PARTS[part]), read=partial(make, gathered))
            for part, make in tables.items()
        ]
    if gathered.spent:
        read = partial(documents.spending, gathered, receipts)
        found.append(File(part="spending", path="spending/spending.xlsx", what=str(PARTS["spending"]), read=read))
        found += _receipts(gathered, receipts)
    if gathered.self_evaluation.strip():
        read = partial(documents.self_evaluation, gathered)
        path, what = "self-evaluation.html", str(PARTS["self_evaluation"])
        found.append(File(part="self_evaluation", path=path, what=what, read=read))
    return found


def _papers(gathered: Gathered) -> Iterator[File]:
    names = names_once([file_name(each.title, suffix=".html") for each in gathered.activities])
    for activity, name in zip(gathered.activities, names, strict=True):
        sessions = [each for each in gathered.sessions if each.activity_id == activity.activity_id]
        if activity.about.strip() or activity.filed:
            yield _paper("plan", name, activity, partial(documents.plan, activity, sessions))
        yield _paper("notice", name, activity, partial(documents.notice, activity, sessions))
        if activity.summed_up:
            yield _paper("summary", name, activity, partial(documents.summary, activity))
        if activity.cover_of is not None:
            read = partial(_bytes, ActivityPhoto.large, ActivityPhoto.activity_id == activity.cover_of)
            path = f"notice/{name.removesuffix('.html')}.jpg"
            yield File(part="notice", path=path, what=activity.title, read=read, is_packed=True)


def _paper(part: str, name: str, activity: HeldActivity, read: Callable[[], bytes]) -> File:
    return File(part=part, path=f"{part}/{name}", what=activity.title, read=read)


def _pictures(gathered: Gathered) -> Iterator[File]:
    of: dict[int, HeldSession] = {each.session_id: each for each in gathered.sessions}
    number: dict[int, int] = {}
    for each in gathered.pictures:
        held = of[each.session_id]
        number[held.session_id] = n = number.get(held.session_id, 0) + 1
        name = file_name(held.day.isoformat(), held.title, held.session_id, f"{n:02d}", suffix=".jpg")
        read = partial(_bytes, EvidencePicture.picture, EvidencePicture.id == each.picture_id)
        yield File(
            part="pictures", path=f"photographs/{name}", what=each.caption or held.called, read=read, is_packed=True
        )


def _receipt_names(gathered: Gathered) -> dict[int, str]:
    kept = [each for each in gathered.spent if each.suffix]
    names = names_once([file_name(each.day.isoformat(), each.what, suffix=each.suffix) for each in kept])
    return {each.entry_id: name for each, name in zip(kept, names, strict=True)}


def _receipts(gathered: Gathered, names: dict[int, str]) -> Iterator[File]:
    for each in gathered.spent:
        if each.entry_id in names:
            read = partial(_bytes, SpendingEntry.receipt, SpendingEntry.id == each.entry_id)
            path = f"spending/receipts/{names[each.entry_id]}"
            yield File(part="spending", path=path, what=each.what, read=read, is_packed=True)


def _bytes(column: object, which: object) -> bytes | None:
    found: bytes | Unreadable | None = db.session.scalar(select(column).where(which))  # type: ignore[call-overload]
    return None if found is None else file_of(found)
