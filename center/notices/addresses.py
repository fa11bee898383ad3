"""Outgoing addresses as staff write them: which are understood, and how they are shown without their secrets. Pure."""

import re
from urllib.parse import parse_qsl, urlsplit

from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.notices.models import Purpose

SCHEMES = {
    Purpose.EMAIL: ("mailto", "mailtos"),
    Purpose.GROUP: ("wecombot", "dingtalk", "feishu", "lark", "json", "jsons"),
}
NAMES = {
    "dingtalk": _l("DingTalk group"),
    "feishu": _l("Feishu group"),
    "json": _l("Another program (JSON, not encrypted)"),
    "jsons": _l("Another program (JSON)"),
    "lark": _l("Lark group"),
    "mailto": _l("Mail gateway (not encrypted)"),
    "mailtos": _l("Mail gateway"),
    "wecombot": _l("WeCom group"),
}
HOST_IS_KNOWN = {"mailto", "mailtos", "json", "jsons"}  # with the others the place of the host holds the secret
MAIL_TERMS = {"from", "mode", "name", "pass", "smtp", "user"}
EMAIL = re.compile(r"[^\s@<>(),;:\"\[\]\\]+@[^\s@<>(),;:\"\[\]\\]+\.[^\s@<>(),;:\"\[\]\\.]{2,}")
EMAIL_MOST = 254


def check_outgoing(purpose: Purpose, url: str) -> str:
    """The address, if it can be one for this purpose. Raises RuleBroken on "url"."""
    allowed = SCHEMES[purpose]
    scheme, found, rest = url.partition("://")
    if scheme.lower() not in allowed or not found:
        begins = ", ".join(f"{name}://" for name in allowed)
        raise RuleBroken(_l("The address must begin with one of these: %(begins)s", begins=begins), field="url")
    if has_own_terms(url):
        raise RuleBroken(
            _l("What stands after the question mark sets terms of its own, such as verify=no. Please leave it out."),
            field="url",
        )
    try:
        host = urlsplit(url).netloc
    except ValueError:
        host = ""
    if not host or any(character.isspace() for character in rest):
        raise RuleBroken(_l("Something is missing after ://, or there is a blank in it."), field="url")
    return scheme.lower() + found + rest


def has_own_terms(url: str) -> bool:
    """Whether an address asks for something else than to be posted to as usual: another method, headers of its own, a
    certificate that is not looked at."""
    scheme, _found, rest = url.partition("://")
    names = {name.lower() for name, _value in parse_qsl(rest.partition("?")[2], keep_blank_values=True)}
    return not names <= (MAIL_TERMS if scheme.lower() in SCHEMES[Purpose.EMAIL] else set())


def masked(url: str) -> str:
    """Enough of an address to recognise it: no password, token or key."""
    scheme = url.partition("://")[0]
    if not scheme:  # sealed with another key
        return "—"
    if scheme not in HOST_IS_KNOWN:
        return f"{scheme}://••••••"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return f"{scheme}://••••••"
    return f"{scheme}://{'•••@' if parts.username else ''}{host}{f':{port}' if port else ''}/…"


def sort_of(url: str) -> str:
    """What kind of address it is, in words."""
    return str(NAMES.get(url.partition("://")[0], ""))


def check_email(text: str) -> str | None:
    """An e-mail address as it is kept, or None for none. Raises RuleBroken on "email"."""
    if not text:
        return None
    if len(text) > EMAIL_MOST or not EMAIL.fullmatch(text) or ".." in text:
        raise RuleBroken(_l("Please give an e-mail address such as name@example.cn, or leave it empty."), field="email")
    return text
