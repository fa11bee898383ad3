"""Columns that are kept encrypted: AES-256-GCM under a key outside the database (`center.kernel.data_keys`).

    allergies: Mapped[str | Unreadable] = mapped_column(EncryptedText("child_health.allergies", owner="child_id"))

What is kept is `aes1:<key's id>:<nonce, ciphertext and tag>`, of a text in base 64, of a file (`EncryptedBytes`) as it
is. It is bound to its column, by the name given here, and to whom the row belongs, by the value of the column `owner`:
put anywhere else it cannot be read. What cannot be read is `Unreadable`, never empty, and nothing else is written over
it. See docs/decisions/0047.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Iterator
from functools import lru_cache
from secrets import token_bytes
from typing import Any, overload

from sqlalchemy import Column, ColumnElement, LargeBinary, Table, Text, event, inspect, type_coerce, types
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import ColumnProperty, Mapper
from sqlalchemy.orm.attributes import flag_modified, set_committed_value

from center.kernel import data_keys
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.logs import log
from center.kernel.unreadable import CannotBeRead, Reason, Unreadable

MARK = "aes1"
LONGEST_BEGINNING = 48  # of what is kept: the mark and the id of its key
NONCE_BYTES = 12  # random; a key would have to write 2**32 values before two being alike were to be feared
MAY_NOT_REPLACE = _l("What is kept here cannot be read at present, so nothing is written over it. Tell the director.")


class Owned(str):
    """A text of an encrypted column, whose it is, and how it was kept where it was read."""

    __slots__ = ("kept", "owner")
    owner: str
    kept: str | bytes


class OwnedBytes(bytes):
    """The same of a file."""

    owner: str
    kept: str | bytes


class EncryptedText(types.TypeDecorator[str | Unreadable]):
    """A text, kept encrypted. Two of the same text are kept differently, so it cannot be looked for.

    `name` is what it is bound to: `table.column` as it was first called, whatever it is called later.
    """

    impl = Text
    cache_ok = True

    def __init__(self, name: str, owner: str | None = None) -> None:
        super().__init__()
        self.name, self.owner = name, owner

    def process_bind_param(self, value: str | Unreadable | None, dialect: Dialect) -> str | None:
        """What is written: encrypted with the current key; what could not be read, as it was."""
        kept = _written(self, value)
        assert kept is None or isinstance(kept, str)
        return kept

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | Unreadable | None:
        """What is read: decrypted, or Unreadable."""
        return None if value is None else decrypt(value, name=self.name)

    def beginning(self, key_id: str) -> str:
        """How everything begins that is kept here under this key."""
        return f"{MARK}:{key_id}:"


class EncryptedBytes(types.TypeDecorator[bytes | Unreadable]):
    """A file, kept encrypted as a text is, and as large as it is."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, name: str, owner: str | None = None) -> None:
        super().__init__()
        self.name, self.owner = name, owner

    def process_bind_param(self, value: bytes | Unreadable | None, dialect: Dialect) -> bytes | None:
        """What is written: encrypted with the current key; what could not be read, as it was."""
        kept = _written(self, value)
        assert kept is None or isinstance(kept, bytes)
        return kept

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | Unreadable | None:
        """What is read: decrypted, or Unreadable."""
        return None if value is None else decrypt(value, name=self.name)

    def beginning(self, key_id: str) -> bytes:
        """How everything begins that is kept here under this key."""
        return f"{MARK}:{key_id}:".encode()


@overload
def owned(value: str, owner: object, kept: str | bytes = "") -> Owned: ...
@overload
def owned(value: bytes, owner: object, kept: str | bytes = "") -> OwnedBytes: ...
def owned(value: str | bytes, owner: object, kept: str | bytes = "") -> Owned | OwnedBytes:
    """A text or a file with whom it belongs to, for statements that write rows without their class."""
    made = Owned(value) if isinstance(value, str) else OwnedBytes(value)
    made.owner, made.kept = str(owner), kept
    return made


@overload
def encrypt(value: str, *, name: str) -> str: ...
@overload
def encrypt(value: bytes, *, name: str) -> bytes: ...
def encrypt(value: str | bytes, *, name: str) -> str | bytes:
    """The text or the file as a column of this name keeps it."""
    ring, nonce = data_keys.store().ring(), token_bytes(NONCE_BYTES)
    owner = value.owner if isinstance(value, Owned | OwnedBytes) else ""
    plain = f"{owner}\0".encode() + (value.encode() if isinstance(value, str) else value)
    sealed = nonce + _cipher(ring.keys[ring.current]).encrypt(nonce, plain, _bound_to(name, ring.current))
    beginning = f"{MARK}:{ring.current}:"
    return beginning + urlsafe_b64encode(sealed).decode() if isinstance(value, str) else beginning.encode() + sealed


@overload
def decrypt(kept: str, *, name: str) -> str | Unreadable: ...
@overload
def decrypt(kept: bytes, *, name: str) -> bytes | Unreadable: ...
def decrypt(kept: str | bytes, *, name: str) -> str | bytes | Unreadable:
    """What a column of this name keeps, decrypted."""
    from cryptography.exceptions import InvalidTag

    key_id = key_of(kept)
    key = data_keys.store().ring().keys.get(key_id)
    if key is None:
        return _unreadable(Reason.KEY_IS_MISSING if key_id else Reason.ALTERED, key_id, kept, name)
    body = kept[len(MARK) + len(key_id) + 2 :]
    try:
        raw = urlsafe_b64decode(body) if isinstance(body, str) else body
        plain: bytes = _cipher(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _bound_to(name, key_id))
    except (InvalidTag, NotBase64, ValueError):
        return _unreadable(Reason.ALTERED, key_id, kept, name)
    owner, _end, rest = plain.partition(b"\0")
    found = rest.decode() if isinstance(kept, str) else rest
    return owned(found, owner.decode(), kept) if owner else found


def key_of(kept: str | bytes) -> str:
    """The id of the key that this needs; empty where it is nothing of ours."""
    beginning = kept[: LONGEST_BEGINNING + 1]
    parts = (beginning if isinstance(beginning, str) else beginning.decode("latin-1")).split(":", 2)
    return parts[1] if len(parts) == 3 and parts[0] == MARK and parts[2] else ""


def as_kept(column: Column[Any]) -> ColumnElement[Any]:
    """The column as it is in the database, for what copies rows or encrypts them anew."""
    return type_coerce(column, as_kept_type(column)).label(column.name)


def as_kept_type(column: Column[Any]) -> Text | LargeBinary:
    """What is kept of a column, in the database's own words."""
    return LargeBinary() if isinstance(column.type, EncryptedBytes) else Text()


def encrypted_columns(table: Table) -> Iterator[tuple[Column[Any], EncryptedText | EncryptedBytes]]:
    """The columns of a table that are kept encrypted."""
    for column in table.columns:
        if isinstance(column.type, EncryptedText | EncryptedBytes):
            yield column, column.type


def has_files(table: Table) -> bool:
    """Whether its rows are large, so that few are taken at a time."""
    return any(isinstance(column.type, EncryptedBytes | LargeBinary) for column in table.columns)


def _written(kind: EncryptedText | EncryptedBytes, value: str | bytes | Unreadable | None) -> str | bytes | None:
    if value is None:
        return None
    if isinstance(value, Unreadable):
        return value.kept
    if kind.owner and not isinstance(value, Owned | OwnedBytes):
        raise ValueError(f"{kind.name} is bound to {kind.owner}: write it through its class, or as `owned(…)`")
    return encrypt(value, name=kind.name)


def _bound_to(name: str, key_id: str) -> bytes:
    return f"center:{MARK}:{key_id}:{name}".encode()


def _unreadable(reason: Reason, key_id: str, kept: str | bytes, name: str) -> Unreadable:
    _say_once(name, key_id, reason.value)
    return Unreadable(reason, key_id, kept)


@lru_cache(maxsize=256)
def _say_once(name: str, key_id: str, reason: str) -> None:
    log.warning("encrypted_column_unreadable", column=name, key=key_id, reason=reason)


@lru_cache(maxsize=16)
def _cipher(key: bytes) -> Any:
    """Imported here: few pages need it."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)


@event.listens_for(Mapper, "after_mapper_constructed")
def _look_after(mapper: Mapper[Any], cls: type) -> None:
    """Bind what a class writes to whom its row belongs to, and check it where it is read."""
    # By its table: to ask the mapper for its attributes would configure classes that are not all there yet.
    columns = encrypted_columns(mapper.local_table) if isinstance(mapper.local_table, Table) else ()
    encrypted = {mapper.get_property_by_column(column).key: kind for column, kind in columns}
    for key in encrypted:
        event.listen(getattr(cls, key), "set", _refuse_to_replace, active_history=True)
    for owner in {kind.owner for kind in encrypted.values() if kind.owner}:  # what was theirs is read before it changes
        event.listen(getattr(cls, owner), "set", lambda *_change: None, active_history=True)
    if encrypted:
        event.listen(cls, "load", lambda row, _context: _check(row))
        event.listen(cls, "refresh", lambda row, _context, _names: _check(row))
        event.listen(cls, "before_insert", _bind)
        event.listen(cls, "before_update", _bind)


def _kind(attribute: ColumnProperty[Any]) -> EncryptedText | EncryptedBytes | None:
    kind = attribute.columns[0].type
    return kind if isinstance(kind, EncryptedText | EncryptedBytes) else None


def _texts(row: Any) -> Iterator[tuple[str, str | bytes, EncryptedText | EncryptedBytes]]:
    """What is encrypted of a row and was read or set, by attribute."""
    for attribute in inspect(row).mapper.column_attrs:
        value, kind = row.__dict__.get(attribute.key), _kind(attribute)
        if kind is not None and isinstance(value, str | bytes):
            yield attribute.key, value, kind


def _refuse_to_replace(_row: object, value: object, was: object, _initiator: object) -> None:
    """Raises CannotBeRead for a text in place of one that cannot be read now. None may come: so it is erased."""
    if isinstance(was, Unreadable) and isinstance(value, str | bytes):
        raise CannotBeRead(MAY_NOT_REPLACE)


def _check(row: Any) -> None:
    state = inspect(row)
    for key, text, kind in _texts(row):
        owner = str(state.committed_state.get(kind.owner, row.__dict__[kind.owner])) if kind.owner else ""
        if getattr(text, "owner", "") != owner:
            kept = getattr(text, "kept", "")
            set_committed_value(row, key, _unreadable(Reason.OTHER_OWNER, key_of(kept), kept, kind.name))


def _bind(_mapper: Mapper[Any], _connection: Connection, row: Any) -> None:
    for key, text, kind in _texts(row):
        if kind.owner and getattr(text, "owner", "") != (owner := str(getattr(row, kind.owner))):
            setattr(row, key, owned(text, owner))
            flag_modified(row, key)
