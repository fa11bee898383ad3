"""The file that a backup is: a zip archive with a manifest and the database, which any zip program can open."""

import hashlib
import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from center.commands import CannotDoError

FORMAT = 1
MANIFEST = "manifest.json"
PAYLOAD = "database"
CHUNK = 1 << 20
LONGEST_MANIFEST = 1 << 20  # bytes; no list of tables is longer


class BackupError(CannotDoError):
    """A backup cannot be made or used; the message says why, and that nothing was changed where that is in doubt."""


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a backup holds, told beside it."""

    format: int
    made_at: str  # ISO 8601
    engine: str  # sqlite or postgresql
    engine_version: str
    revisions: list[str]  # of the migrations
    counts: Mapping[str, int]  # rows by table
    bytes: int  # of the database as packed
    sha256: str
    keys: list[str] = field(default_factory=list)  # ids of those that its encrypted columns need


def pack(file: Path, payload: Path, manifest: Manifest) -> None:
    """Put the database and what is to be known of it into one new file, readable by its owner only."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    packing = zipfile.ZIP_DEFLATED if manifest.engine == "sqlite" else zipfile.ZIP_STORED  # pg_dump packs by itself
    with os.fdopen(handle, "wb") as out, zipfile.ZipFile(out, "w", packing, compresslevel=4) as whole:
        whole.writestr(MANIFEST, json.dumps(asdict(manifest), indent=2))
        with payload.open("rb") as source, whole.open(PAYLOAD, "w", force_zip64=True) as target:
            shutil.copyfileobj(source, target, CHUNK)


def read_manifest(file: Path) -> Manifest:
    """What the file says it holds. Raises BackupError where it is no backup, or one that this version cannot read."""
    try:
        with zipfile.ZipFile(file) as whole:
            entry = whole.getinfo(MANIFEST)
            if entry.file_size > LONGEST_MANIFEST:
                raise BackupError(f"{file} is not a backup of this software.")
            told = json.loads(whole.read(entry))
            whole.getinfo(PAYLOAD)
    except OSError as error:
        raise BackupError(f"{file} cannot be read: {error.strerror or error}.") from None
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, NotImplementedError, RuntimeError):
        raise BackupError(f"{file} is not a whole backup: it is something else, cut short or damaged.") from None
    return _manifest_of(told, file)


def unpack(file: Path, manifest: Manifest, payload: Path) -> None:
    """Take the database out into a new file. Raises BackupError unless every byte is as it was packed."""
    handle = os.open(payload, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as out, zipfile.ZipFile(file) as whole, whole.open(PAYLOAD) as source:
            shutil.copyfileobj(source, out, CHUNK)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError):
        raise BackupError(f"{file} is damaged: the database in it cannot be read whole.") from None
    if payload.stat().st_size != manifest.bytes or checksum(payload) != manifest.sha256:
        raise BackupError(f"{file} is damaged: its checksum is not that of the database in it.")


def checksum(file: Path) -> str:
    """The SHA-256 of a file."""
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _manifest_of(told: Any, file: Path) -> Manifest:
    version = told.get("format") if isinstance(told, dict) else None
    if not isinstance(version, int) or version < 1:
        raise BackupError(f"{file} is not a backup of this software.")
    if version > FORMAT:
        raise BackupError(
            f"{file} has format {version}, and this version of the software knows {FORMAT} at most. "
            "Restore it with the version that made it, or a newer one."
        )
    try:
        manifest = Manifest(**{each.name: told[each.name] for each in fields(Manifest) if each.name in told})
        is_sound = all(isinstance(n, int) for n in (manifest.bytes, *manifest.counts.values()))
        is_sound &= all(
            isinstance(t, str) for t in (manifest.engine, manifest.sha256, *manifest.revisions, *manifest.keys)
        )
    except (KeyError, TypeError, AttributeError):
        is_sound = False
    if not is_sound:
        raise BackupError(f"{file} is not a whole backup: its manifest lacks something.")
    return manifest
