"""What is sealed with the site's key: columns that nobody reads in a backup, and what a form showed.

A column's text is kept encrypted. The key is `CENTER_SECRET_KEY` (or the one in the data folder), which is in no
backup. Under another key it cannot be read any more: it counts as empty, and is entered anew.

A form carries what it showed when it was opened, and that is compared with what holds when it is sent. The view
compares (`SealedForm.compare`) and shows the form again with what has changed; the action, which holds what the form is
about, compares once more. So nothing is stored under other words than those that were read.
"""

from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import Text, types
from sqlalchemy.engine import Dialect

from center.kernel.errors import Conflict
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.logs import log

MARK = "sealed:1:"
USE = b"center: sealed columns, 1"


class Encrypted(types.TypeDecorator[str]):
    """A text, kept encrypted. Two of the same text are kept differently, so it cannot be looked for."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """What is written: encrypted with the secret key."""
        return None if value is None else encrypt(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """What is read: decrypted, and empty where it was encrypted with another key."""
        return None if value is None else decrypt(value)


def encrypt(text: str) -> str:
    """The text as it is kept."""
    return MARK + _cipher(_secret()).encrypt(text.encode()).decode()


def decrypt(kept: str) -> str:
    """What was encrypted; empty where it was with another key. A text from before is what it is."""
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


@dataclass(frozen=True)
class Fact:
    """One thing that a form shows: `value` is compared, the words are read."""

    value: str
    label: Any
    words: Callable[[], str]


@dataclass(frozen=True)
class Difference:
    """What has changed since a form was opened, in words; nothing where it was not there, or is no more."""

    name: str
    label: str
    was: str
    now: str


Facts = Mapping[str, Fact]
SealedFacts = Mapping[str, Sequence[str]]


class Outdated(Conflict):
    """What the form showed has changed meanwhile."""


def stamp(facts: Facts) -> str:
    """What tells whether any of these is not as it was."""
    return sha256(repr(sorted((name, fact.value) for name, fact in facts.items())).encode()).hexdigest()[:20]


def refuse_unless_seen(seen: str | None, facts: Callable[[], Facts]) -> None:
    """Raises Outdated where somebody read something else than what holds; where they read nothing, all is well."""
    if seen:
        refuse_unless_same(seen, stamp(facts()))


def looked_at(sealed: str | None, facts: Facts) -> tuple[str | None, str]:
    """For a button: the stamp of what was read beside it, and what has changed since, in one line."""
    was = unseal(sealed)
    if was is None:
        return None, ""
    changed = differences(was, facts)
    return stamp(facts), "; ".join(f"{each.label}: {each.was or '–'} → {each.now or '–'}" for each in changed)


def seal(facts: Facts) -> str:
    """These facts as a form carries them; nobody can make one up."""
    return str(_signer().dumps({name: [fact.value, str(fact.label), fact.words()] for name, fact in facts.items()}))


def unseal(text: str | None) -> SealedFacts | None:
    """What a form showed; None where it does not say, or not truly."""
    try:
        return _signer().loads(text) if text else None
    except BadSignature:
        return None


def differences(was: SealedFacts, facts: Facts) -> list[Difference]:
    """What is not as it was, in the order in which it is shown; what is no more comes last."""
    found = []
    for name, fact in facts.items():
        value, _label, words = was.get(name, (None, "", ""))
        if value != fact.value:
            found.append(Difference(name, str(fact.label), words, fact.words()))
    gone = [(name, *known) for name, known in was.items() if name not in facts]
    return [*found, *(Difference(name, label, words, "") for name, _value, label, words in gone)]


def refuse_unless_same(was: object, now_is: object) -> None:
    """Raises Outdated where what somebody wants to change is not as they saw it; None: they saw nothing."""
    if was is not None and was != now_is:
        raise Outdated(_l("Something has changed since you opened this page. Please look at it again."))


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="what a form showed")
