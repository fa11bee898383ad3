"""Packs: asked for, made by whoever holds the lease, fetched, deleted once their time is over. Never commits."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from center.incubator.evidence import rules
from center.incubator.models.evidence import EvidenceDownload, EvidencePack, PackState
from center.kernel.config import Settings
from center.kernel.db import change_rows, db, lock, must_find
from center.kernel.errors import Conflict, NotFound
from center.kernel.i18n import language, local_date
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.logs import log
from center.kernel.private_files import FOLDER
from center.organisations.models import Organisation
from center.people.models import Person

UNDER_WAY = (PackState.MAKING, PackState.WAITING)
NONE = _l("There is no such pack.")
GONE = _l("There is no file of this pack. Ask for it anew: it is made of what is there now.")
SOME = 30
A_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Written:
    """The file of a pack: its name among the packs, how large it is, its SHA-256, and how many files are in it."""

    file: str
    size: int
    digest: str
    files: int


def ask(
    organisation: Organisation, first: date, last: date, *, self_evaluation: str, by: Person, now: datetime
) -> EvidencePack:
    """Let the worker make a pack. Raises Conflict while one of this organisation is under way, RuleBroken over days."""
    rules.check_days(first, last, today=local_date(now))
    lock(organisation)
    if _under_way(organisation.id) is not None:
        raise Conflict(_l("A pack is being made. Please wait until it is ready."))
    pack = EvidencePack(
        organisation_id=organisation.id,
        first_on=first,
        last_on=last,
        self_evaluation=self_evaluation,
        locale=language(),
        state=PackState.WAITING,
        asked_by_id=by.id,
        asked_at=now,
    )
    db.session.add(pack)
    db.session.flush()
    return pack


def claim(pack_id: int, *, now: datetime) -> str:
    """Take a pack that nobody makes, or whose maker is taken to be dead: the maker's name; empty where it is not due.

    After three tries that ended without a word it is given up.
    """
    pack = db.session.get(EvidencePack, pack_id)
    if pack is None:
        return ""
    lock(pack)
    is_left = pack.state is PackState.MAKING and pack.leased_until is not None and pack.leased_until <= now
    if pack.state is not PackState.WAITING and not is_left:
        return ""
    if pack.tries >= rules.MOST_TRIES:
        pack.state, pack.leased_until, pack.maker = PackState.FAILED, None, ""
        db.session.flush()
        log.error("evidence_pack_failed", pack=pack.id)
        return ""
    pack.state, pack.maker, pack.leased_until = PackState.MAKING, secrets.token_hex(8), now + rules.LEASE
    pack.tries, pack.done, pack.total = pack.tries + 1, 0, 0
    db.session.flush()
    return pack.maker


def progress(pack_id: int, maker: str, *, done: int, total: int, now: datetime) -> bool:
    """Say how far it has come, which renews the lease; False where another one makes it by now."""
    of = EvidencePack
    mine = update(of).where(of.id == pack_id, of.maker == maker, of.state == PackState.MAKING)
    return bool(change_rows(mine.values(done=done, total=total, leased_until=now + rules.LEASE)))


def finish(pack_id: int, maker: str, written: Written, *, now: datetime) -> bool:
    """It is ready; False where another one makes it by now."""
    of = EvidencePack
    mine = update(of).where(of.id == pack_id, of.maker == maker, of.state == PackState.MAKING)
    values: dict[str, Any] = {"state": PackState.READY, "leased_until": None, "maker": "", "file": written.file}
    values |= {"size": written.size, "digest": written.digest, "done": written.files, "total": written.files}
    return bool(change_rows(mine.values(**values, made_at=now, expires_at=now + rules.KEPT_FOR)))


def expire(pack: EvidencePack, *, now: datetime) -> None:
    """Delete the file of a pack whose time is over; twice is once."""
    lock(pack)
    if pack.state is not PackState.READY or pack.expires_at is None or now < pack.expires_at:
        return
    (folder() / pack.file).unlink(missing_ok=True)
    pack.state, pack.file = PackState.EXPIRED, ""
    db.session.flush()


def tidy(*, now: datetime) -> None:
    """Delete files older than any pack is kept: such as those of packs of which a restored database knows nothing."""
    for each in folder().iterdir():
        try:
            is_old = datetime.fromtimestamp(each.stat().st_mtime, UTC) < now - rules.KEPT_FOR - A_DAY
        except FileNotFoundError:  # somebody else tidies at this moment
            continue
        if is_old and each.is_file():
            each.unlink(missing_ok=True)


def fetch(pack: EvidencePack, *, by: Person, now: datetime) -> Path:
    """The file of a pack; that somebody fetched it is written down. Raises NotFound where it is not there any more."""
    lock(pack)
    path = folder() / pack.file
    if pack.state is not PackState.READY or not path.is_file():
        raise NotFound(GONE)
    db.session.add(EvidenceDownload(pack_id=pack.id, by_id=by.id, at=now))
    db.session.flush()
    log.info("evidence_fetched", pack=pack.id, by=by.id)
    return path


def folder() -> Path:
    """Where packs are kept: for the owner of this installation alone."""
    settings: Settings = current_app.extensions["settings"]
    found = settings.data_dir / "evidence-packs"
    found.mkdir(mode=FOLDER, parents=True, exist_ok=True)
    return found


def of_organisation(organisation_id: int) -> Sequence[EvidencePack]:
    """The packs of an organisation, the latest first."""
    query = select(EvidencePack).where(EvidencePack.organisation_id == organisation_id)
    query = query.options(joinedload(EvidencePack.asked_by))
    return db.session.scalars(query.order_by(EvidencePack.id.desc()).limit(SOME)).all()


def latest() -> Sequence[EvidencePack]:
    """The latest packs of all organisations."""
    whole = (joinedload(EvidencePack.organisation), joinedload(EvidencePack.asked_by))
    return db.session.scalars(select(EvidencePack).options(*whole).order_by(EvidencePack.id.desc()).limit(SOME)).all()


def get(organisation_id: int, pack_id: int) -> EvidencePack:
    """A pack of this organisation; raises NotFound."""
    query = select(EvidencePack).where(EvidencePack.id == pack_id, EvidencePack.organisation_id == organisation_id)
    return must_find(db.session.scalar(query), NONE)


def downloads_of(pack: EvidencePack) -> Sequence[EvidenceDownload]:
    """Who fetched a pack, the latest first."""
    query = select(EvidenceDownload).where(EvidenceDownload.pack_id == pack.id)
    return db.session.scalars(
        query.options(joinedload(EvidenceDownload.by)).order_by(EvidenceDownload.id.desc()).limit(SOME)
    ).all()


def _under_way(organisation_id: int) -> int | None:
    of = EvidencePack
    return db.session.scalar(select(of.id).where(of.organisation_id == organisation_id, of.state.in_(UNDER_WAY)))
