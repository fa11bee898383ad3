"""The worker makes a pack: file by file into one archive, saying how far it has come, safe to be killed at any moment.

Whoever is killed leaves a lease that runs out and a part of a file, which the next one deletes. A maker that was only
slow finds that another one holds the pack, and leaves it.
"""

import hashlib
import os
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from center.incubator.evidence import contents, documents, packs
from center.incubator.evidence.contents import File
from center.incubator.evidence.documents import Row
from center.incubator.evidence.gathering import Gathered, gather
from center.incubator.evidence.packs import Written
from center.incubator.evidence.words import PARTS
from center.incubator.models.evidence import EvidencePack
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.hashed_zip import HashedZip, hashed_zip
from center.kernel.i18n import addressing
from center.kernel.logs import log
from center.kernel.private_files import FILE

SAYS_EVERY = 10  # files
LAST = 3  # index, its table, hashes


class TakenOver(Exception):
    """Another one makes this pack by now."""


def make(pack_id: int, now: datetime) -> None:
    """Make a pack, if it is due and nobody makes it. Each step is a transaction of its own."""
    with transaction():
        maker = packs.claim(pack_id, now=now)
    if not maker:
        return
    packs.tidy(now=now)
    for left in packs.folder().glob(f"{pack_id}-*"):
        left.unlink(missing_ok=True)
    part = packs.folder() / f"{pack_id}-{maker}.part"
    try:
        _make(pack_id, maker, part)
    except TakenOver:
        log.warning("evidence_pack_taken_over", pack=pack_id)
    finally:
        part.unlink(missing_ok=True)


def _make(pack_id: int, maker: str, part: Path) -> None:
    pack = db.session.get_one(EvidencePack, pack_id)
    with addressing(pack.locale):
        gathered = gather(pack.organisation, pack.first_on, pack.last_on, pack.self_evaluation, now=clock.now())
        written = write(gathered, part, lambda done, total: _say(pack_id, maker, done, total))
    with transaction():
        is_mine = packs.finish(pack_id, maker, written, now=clock.now())
    if not is_mine:
        (part.parent / written.file).unlink(missing_ok=True)
        raise TakenOver


def write(gathered: Gathered, part: Path, say: Callable[[int, int], None]) -> Written:
    """All of it as one file beside `part`, which is what it is called until it is whole; says how far it has come."""
    files, rows = contents.files_of(gathered), list[Row]()
    total = len(files) + LAST
    say(0, total)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE), "wb") as out:
        with hashed_zip(out) as archive:
            for number, each in enumerate(files, start=1):
                content = each.read()
                if content is not None:
                    rows.append(_put(archive, each, content))
                if number % SAYS_EVERY == 0:
                    say(number, total)
            _close(archive, gathered, rows)
        out.flush()
        os.fsync(out.fileno())
    size, digest = part.stat().st_size, _digest_of(part)
    return Written(file=part.rename(part.with_suffix(".zip")).name, size=size, digest=digest, files=total)


def _close(archive: HashedZip, gathered: Gathered, rows: Sequence[Row]) -> None:
    """The index comes last, before the hashes: they say what is really there."""
    missing = documents.said_missing(gathered.missing)
    archive.put("index.html", documents.index(gathered, rows, missing))
    archive.put("index.xlsx", documents.index_table(rows, missing))


def _put(archive: HashedZip, file: File, content: bytes) -> Row:
    digest = archive.put(file.path, content, is_packed=file.is_packed)
    return str(PARTS[file.part]), file.path, file.what, len(content), digest


def _say(pack_id: int, maker: str, done: int, total: int) -> None:
    with transaction():
        if not packs.progress(pack_id, maker, done=done, total=total, now=clock.now()):
            raise TakenOver


def _digest_of(path: Path) -> str:
    with path.open("rb") as read:
        return hashlib.file_digest(read, "sha256").hexdigest()
