"""Passwords: Argon2id, and a list of those that everybody tries first."""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type

from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l

LEAST, MOST = 8, 128
COMMON_LIST = Path(__file__).with_name("common_passwords.txt")
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)  # OWASP's first profile


def hash_password(password: str) -> str:
    """The Argon2id hash to keep. Slow on purpose: never call it inside a write transaction that others wait for."""
    return _hasher.hash(composed(password))


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one of this hash. Without a hash (an unknown login) it works as long, and says no."""
    try:
        return _hasher.verify(password_hash or _nobodys_hash(), composed(password)[: MOST * 4]) and bool(password_hash)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with weaker settings than today's."""
    return _hasher.check_needs_rehash(password_hash)


def check(password: str, *, own_words: tuple[str | None, ...] = (), field: str = "password") -> None:
    """Refuse passwords that are too short, on the list of common ones, or made of one's own name or the place's."""
    typed = composed(password)
    if len(typed) < LEAST:
        raise RuleBroken(_l("A password has at least 8 characters."), field=field)
    if len(typed) > MOST:
        raise RuleBroken(_l("A password has at most 128 characters."), field=field)
    if is_common(typed):
        raise RuleBroken(
            _l("Many people use this password, so it is the first one tried. Please choose another."), field=field
        )
    if any(_is_made_of(typed, word) for word in own_words if word):
        raise RuleBroken(
            _l("Please do not use your own name or phone number, or the centre's name, in the password."), field=field
        )


def is_common(password: str) -> bool:
    """Whether it is on the list, is one run of neighbours (12345678, qwertyui), or repeats one short piece."""
    folded = password.casefold()
    return folded in _common() or _is_run(folded) or re.fullmatch(r"(.{1,4}?)\1+", folded) is not None


def _is_made_of(password: str, word: str) -> bool:
    """Whether little is left of the password without the word."""
    folded, word = password.casefold(), word.casefold().replace(" ", "")
    letters = "".join(character for character in folded if character.isalpha())
    if len(letters) >= 2 + letters.isascii() and word.startswith(letters):
        return True  # wang2026, qinghe2026: the beginning of a name and a year
    if len(word) < 2 or word not in folded:
        return False
    left = folded.replace(word, "")
    return len(left) < 5 or left.isdigit() or len(word) >= 8


_ROWS = (
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
)


def _is_run(folded: str) -> bool:
    return any(folded in row or folded in row[::-1] for row in _ROWS)


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    lines = COMMON_LIST.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return _hasher.hash("nobody")


def composed(password: str) -> str:
    """A password as it is hashed, however the keyboard put it together."""
    return unicodedata.normalize("NFKC", password)
