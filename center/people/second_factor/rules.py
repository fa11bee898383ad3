"""Who needs a second factor, and under which of the site's names passkeys work. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from center.people.models import Role
from center.people.rules import needs_second_factor

RECOVERY_CODES = 10
RECOVERY_LENGTH = 10
MOST_PASSKEYS = 10
CHALLENGE_LASTS = timedelta(minutes=5)
PORTS = {"http": 80, "https": 443}
HERE = "localhost"


def owes_it(roles: Collection[Role], *, is_required: bool, has_one: bool, is_given: bool) -> bool:
    """Whether a sign-in still lacks it: whoever set one up gives it always, and those who need one set it up."""
    return not is_given and (has_one or (is_required and needs_second_factor(roles)))


def tidy(typed: str) -> str:
    """A code as it was meant: without blanks and dashes, in capitals."""
    return "".join(character for character in typed.upper() if character.isalnum())[:40]


@dataclass(frozen=True)
class Site:
    """The name to which a passkey belongs (RP ID), and where the page stands on which it is used (origin)."""

    name: str
    origin: str


def site_at(host: str, *, site_url: str, hosts: Collection[str], is_https: bool, own_port: int | None) -> Site | None:
    """The site under the name that was asked for; None where browsers let no passkey be used.

    They do where the page came by HTTPS and under a name, not a number; and at `localhost`. All but the choice among
    the site's own names comes from its settings. `own_port` is given where only this machine reaches the site.
    """
    name, main = _name_of(host), urlsplit(site_url)
    if not name or _is_number(name):
        return None
    if name == main.hostname:
        return Site(name, _origin(main.scheme, name, main.port)) if main.scheme == "https" or name == HERE else None
    if name == HERE:
        return Site(name, _origin("http", name, own_port)) if own_port else None
    return Site(name, f"https://{name}") if is_https and name in {_name_of(each) for each in hosts} else None


def _origin(scheme: str, name: str, port: int | None) -> str:
    return f"{scheme}://{name}" + (f":{port}" if port and port != PORTS.get(scheme) else "")


def _name_of(host: str) -> str:
    return urlsplit(f"//{host}").hostname or ""


def _is_number(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
