"""What is scanned or typed at check-in, read: a card, the number of a sign-up, or nothing of ours. Pure.

Whether there is such a card or sign-up is not looked at. `static/js/checkin/codes.js` reads the same in a browser, for
devices without a connection; tests hold the two together.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field

from center.kernel.texts import REFERENCE_LETTERS

CARD_PREFIX = "QH1:"
CARD_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"  # base32 (RFC 4648): 26 of them are 130 bits
CARD_LENGTH = 26
LONGEST = 64  # of a code that somebody types
LONGEST_ADDRESS = 256

_INVISIBLE = "Cf"
_LOOKS_LIKE = str.maketrans("018", "OIB")  # no card has these digits: they are letters that were misread
_CARD = re.compile(rf"(?:QH1:?)?([A-Z0-8]{{{CARD_LENGTH}}})", re.ASCII | re.IGNORECASE)
_REFERENCE = re.compile(f"[{REFERENCE_LETTERS}]{{8}}", re.ASCII | re.IGNORECASE)
_ADDRESS = re.compile(r"https?://([a-z0-9.:\[\]-]+)/(?:[^?#\s]*/)?([a-z0-9-]+)/?(?:[?#]\S*)?", re.ASCII | re.IGNORECASE)
_SEPARATORS = re.compile(r"[ \t\r\n\u2010-\u2015\u2212-]")


@dataclass(frozen=True)
class CardCode:
    """The secret of a card, without its prefix: 26 letters. It is never logged."""

    code: str = field(repr=False)


@dataclass(frozen=True)
class CardDigest:
    """The digest of a card's secret, which is all that a device keeps of a card that it read."""

    digest: str = field(repr=False)


@dataclass(frozen=True)
class SignUpReference:
    """A number such as K7QM-2F9D, as it stands on a slip."""

    reference: str


@dataclass(frozen=True)
class Unknown:
    """Nothing of ours: what was read stays where it was read."""


Code = CardCode | CardDigest | SignUpReference | Unknown


def read_code(text: str, *, hosts: Collection[str] = ()) -> Code:
    """What somebody scanned or typed. The address in the code of a slip counts where it is of one of these hosts.

    Full-width letters and digits (a Chinese input method), small letters, groups and dashes are taken as they come.
    """
    if len(text) > LONGEST_ADDRESS:
        return Unknown()
    plain = _plain(text)
    if address := _ADDRESS.fullmatch(plain):
        is_ours = address[1].lower() in {host.lower() for host in hosts}
        return _reference(_SEPARATORS.sub("", address[2])) if is_ours else Unknown()
    letters = _SEPARATORS.sub("", plain)
    if len(plain) > LONGEST:
        return Unknown()
    if card := _CARD.fullmatch(letters):
        return CardCode(card[1].upper().translate(_LOOKS_LIKE))
    return _reference(letters)


def in_groups(code: str) -> str:
    """A card's code as it is printed beneath its square, to be typed: ABCD-EFGH-…"""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def _plain(text: str) -> str:
    visible = "".join(each for each in text if unicodedata.category(each) != _INVISIBLE)
    return unicodedata.normalize("NFKC", visible).strip(" \t\r\n")


def _reference(letters: str) -> SignUpReference | Unknown:
    if not _REFERENCE.fullmatch(letters):
        return Unknown()
    letters = letters.upper()
    return SignUpReference(f"{letters[:4]}-{letters[4:]}")
