"""Columns whose text is kept encrypted with the site's key: whoever reads a backup reads no password in it.

The key is `CENTER_SECRET_KEY` (or the one in the data folder), which is in no backup. Under another key, what was
sealed cannot be read any more: it counts as empty, and is entered anew.
"""

from base64 import urlsafe_b64encode
from functools import lru_cache
from typing import Any

from flask import current_app
from sqlalchemy import Text, types
from sqlalchemy.engine import Dialect

from center.kernel.logs import log

MARK = "sealed:1:"
USE = b"center: sealed columns, 1"


class Sealed(types.TypeDecorator[str]):
    """A text, kept encrypted. Two of the same text are kept differently, so it cannot be looked for."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """What is written: encrypted with the secret key."""
        return None if value is None else seal(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """What is read: decrypted, and empty where it was sealed with another key."""
        return None if value is None else unseal(value)


def seal(text: str) -> str:
    """The text as it is kept."""
    return MARK + _cipher(_secret()).encrypt(text.encode()).decode()


def unseal(kept: str) -> str:
    """What was sealed; empty where it was sealed with another key. A text from before is what it is."""
    if not kept.startswith(MARK):
        return kept
    from cryptography.fernet import InvalidToken

    try:
        return str(_cipher(_secret()).decrypt(kept.removeprefix(MARK).encode()).decode())
    except InvalidToken:
        log.warning("sealed_with_another_key")
        return ""


def _secret() -> str:
    key: str = current_app.extensions["settings"].secret_key
    return key


@lru_cache(maxsize=2)
def _cipher(secret: str) -> Any:
    """AES and HMAC under a key of their own, derived from the site's (RFC 5869). Imported here: few pages need it."""
    from cryptography.fernet import Fernet
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=USE).derive(secret.encode())
    return Fernet(urlsafe_b64encode(key))
