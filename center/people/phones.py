"""Phone numbers: kept as national digits, shown masked, found by their last digits."""

import re
import unicodedata

from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l

_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0(?:10|2\d)[2-9]\d{7}|0[3-9]\d{2}[2-9]\d{6,7}")
_COUNTRY = re.compile(r"(?:\+|00)86(?=[01])|(?:\+|00)86(?=[2-9])|86(?=1[3-9]\d{9}$)")
_BETWEEN = re.compile(r"[\s()./\-\u2010-\u2015]+")


def normalise(text: str) -> str:
    """National digits of a mobile (13812345678) or a landline with its area code (02787654321).

    Takes +86, blanks, dashes and full-width digits. Raises RuleBroken on the field "phone".
    """
    if (digits := find(text)) is None:
        raise RuleBroken(
            _l("This is not a phone number we know: 11 digits of a mobile, or a landline with its area code."),
            field="phone",
        )
    return digits


def find(text: str) -> str | None:
    """The same, or None where this is no number we know."""
    digits = _BETWEEN.sub("", unicodedata.normalize("NFKC", text or ""))
    abroad = _COUNTRY.match(digits)
    if abroad:
        digits = digits[abroad.end() :]
        if not digits.startswith(("0", "1")) or digits.startswith("10"):
            digits = "0" + digits
    return digits if digits.isascii() and (_MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits)) else None


def mask(phone: str | None) -> str:
    """138****5678: enough to recognise one's own number, too little to ring a stranger."""
    if not phone:
        return ""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) > 7 else "****"


def tail(phone: str | None) -> str | None:
    """The last four digits, by which the desk finds people."""
    return phone[-4:] if phone else None
