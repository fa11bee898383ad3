"""The keys of encrypted columns (`center.kernel.encrypted`): outside the database, and in no backup of it.

They lie in `data-keys.json` of the data folder, made when it is missing as the secret key is, or are given by
`CENTER_DATA_KEYS`. One of them encrypts, all of them decrypt. `center keys` looks after them.
"""

import fcntl
import json
import os
import re
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from flask import current_app

from center.kernel.config import Settings, SettingsError

NAME = "data-keys.json"
KEY_BYTES = 32  # AES-256
_ID = re.compile(r"[a-z0-9-]{1,32}")


@dataclass(frozen=True)
class KeyRing:
    """All keys by their ids, and which of them encrypts what is written now."""

    current: str
    keys: Mapping[str, bytes]
    made: Mapping[str, str]  # when, ISO 8601; not known of keys that the environment gives

    def __repr__(self) -> str:
        return f"KeyRing({self.current}, {sorted(self.keys)})"  # no key in a log or a traceback


class KeyStore:
    """Where the keys of one installation are. A changed file is read again, so `center keys` need not stop the site."""

    def __init__(self, settings: Settings) -> None:
        self.file = settings.data_dir / NAME
        self.given = given(settings.data_keys) if settings.data_keys else None
        self._read: tuple[object, KeyRing] | None = None
        self._lock = threading.Lock()

    def ring(self) -> KeyRing:
        """The keys as they are now; the first is made where there is none. Raises SettingsError for a broken file."""
        if self.given is not None:
            return self.given
        with self._lock:
            state = self._state()
            if state is None:
                self._make_first()
                state = self._state()
            if self._read is None or self._read[0] != state:
                self._read = (state, _parsed(self.file))
            return self._read[1]

    def change(self, change: Callable[[KeyRing], KeyRing]) -> KeyRing:
        """Keep other keys in the file, all or nothing, one who changes them after the other.

        Raises SettingsError where the environment gives the keys.
        """
        if self.given is not None:
            raise SettingsError("The keys are given by CENTER_DATA_KEYS: change them there, and restart the site.")
        self.ring()
        folder = os.open(self.file.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            ring = change(self.ring())
            self._written(ring).replace(self.file)
            os.fsync(folder)
        finally:
            os.close(folder)
        return ring

    def _state(self) -> object:
        try:
            found = self.file.stat()
        except FileNotFoundError:
            return None
        return (found.st_ino, found.st_mtime_ns, found.st_size)

    def _make_first(self) -> None:
        """Whoever comes first makes it; who comes second finds it whole."""
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self._written(KeyRing(*_new()))
        try:
            os.link(fresh, self.file)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()

    def _written(self, ring: KeyRing) -> Path:
        fresh = self.file.with_name(f".{NAME}.{secrets.token_hex(8)}")
        keys = {name: {"key": key.hex(), "made_at": ring.made.get(name, "")} for name, key in ring.keys.items()}
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            json.dump({"current": ring.current, "keys": keys}, out, indent=2)
            out.flush()
            os.fsync(out.fileno())
        return fresh


def given(text: str) -> KeyRing:
    """The keys of `CENTER_DATA_KEYS`: `id:64 hexadecimal digits`, commas between; the first encrypts."""
    keys: dict[str, bytes] = {}
    for each in filter(None, (part.strip() for part in text.split(","))):
        name, _colon, digits = each.partition(":")
        if name in keys:
            raise SettingsError(f"CENTER_DATA_KEYS names the key {name!r} twice.")
        keys[name] = _key(name, digits, where="CENTER_DATA_KEYS")
    if not keys:
        raise SettingsError("CENTER_DATA_KEYS names no key.")
    return KeyRing(next(iter(keys)), keys, {})


def with_new_key(ring: KeyRing, *, now: datetime) -> KeyRing:
    """The ring with one more key, which from now on encrypts."""
    name, keys, _made = _new(now)
    return KeyRing(name, {**ring.keys, **keys}, {**ring.made, name: now.isoformat(timespec="seconds")})


def as_setting(ring: KeyRing) -> str:
    """The first key of the ring as `CENTER_DATA_KEYS` names it."""
    return f"{ring.current}:{ring.keys[ring.current].hex()}"


def without_key(ring: KeyRing, name: str) -> KeyRing:
    """The ring without a key that nothing needs any more."""
    assert name != ring.current
    return replace(ring, keys={known: key for known, key in ring.keys.items() if known != name})


def store() -> KeyStore:
    """The keys of the application at hand."""
    extensions = current_app.extensions
    found: KeyStore | None = extensions.get("data_keys")
    if found is None:
        found = extensions.setdefault("data_keys", KeyStore(extensions["settings"]))
    return found


def _new(now: datetime | None = None) -> tuple[str, dict[str, bytes], dict[str, str]]:
    name = secrets.token_hex(4)
    return name, {name: secrets.token_bytes(KEY_BYTES)}, {name: now.isoformat(timespec="seconds") if now else ""}


def _parsed(file: Path) -> KeyRing:
    try:
        told = json.loads(file.read_text())
        current, listed = told["current"], told["keys"]
        keys = {name: _key(name, each["key"], where=str(file)) for name, each in listed.items()}
        made = {name: str(each.get("made_at", "")) for name, each in listed.items()}
        if current not in keys:
            raise SettingsError(f"{file} names {current!r} as the current key, which is not in it.")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        if isinstance(error, SettingsError):
            raise
        raise SettingsError(f"{file} holds no keys of encrypted columns. Put a copy of it in its place.") from None
    return KeyRing(current, keys, made)


def _key(name: str, digits: str, *, where: str) -> bytes:
    try:
        key = bytes.fromhex(digits)
    except ValueError:
        key = b""
    if not _ID.fullmatch(name) or len(key) != KEY_BYTES:
        raise SettingsError(
            f"{where} must name each key as `id:64 hexadecimal digits`, the id of small letters and digits;"
            f" {name!r} is not."
        )
    return key
