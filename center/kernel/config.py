"""Settings from the environment (`CENTER_*`), checked once at start."""

import difflib
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
_RECEIVER = re.compile(r"[a-z0-9.:-]+(?:/[0-9]{1,3})?")
_HOST = re.compile(r"[a-z0-9.-]+|\[[0-9a-f:.]+\]")

SHORTEST_ACCESS_LOG = 184  # days; the triggers of the table let nothing younger than half a year go


class SettingsError(ValueError):
    """A `CENTER_*` setting is missing, misspelt or out of range; the message says which and what is expected."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How this installation runs. What the centre is (name, hours, rules) is edited in the site, not here."""

    database_url: str
    secret_key: str = field(repr=False)
    data_dir: Path
    data_keys: str = field(default="", repr=False)  # empty: those in the data folder (`kernel/data_keys.py`)
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    secure_cookies: bool = False
    trusted_proxies: int = 0
    log_format: str = "console"
    metrics_token: str = ""
    clock_start: datetime | None = None
    site_url: str = ""
    hosts: tuple[str, ...] = ()
    private_receivers: tuple[str, ...] = ()
    access_log_days: int = 400
    second_factor: bool = False  # `load` says otherwise, unless it is told

    @property
    def is_for_developers(self) -> bool:
        """Whether only this machine can reach the site, as on the desk of somebody who works on it."""
        return is_loopback(self.host) and not self.trusted_proxies

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file of this machine."""
        return self.database_url.startswith("sqlite")


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read and check the settings; raises SettingsError naming the variable at fault."""
    env = {k: v for k, v in (os.environ if environ is None else environ).items() if k.startswith("CENTER_")}
    _refuse_unknown(env)
    data_dir = Path(env.get("CENTER_DATA_DIR") or ROOT / "var").resolve()
    return Settings(
        database_url=_database_url(env.get("CENTER_DATABASE_URL", ""), data_dir),
        secret_key=_secret_key(env.get("CENTER_SECRET_KEY", ""), data_dir),
        data_dir=data_dir,
        data_keys=env.get("CENTER_DATA_KEYS", ""),
        host=env.get("CENTER_HOST") or "127.0.0.1",
        port=_number(env, "CENTER_PORT", 8000, low=1, high=65535),
        workers=_number(env, "CENTER_WORKERS", 2, low=1, high=64),
        secure_cookies=_secure_cookies(env),
        trusted_proxies=_number(env, "CENTER_TRUSTED_PROXIES", 0, low=0, high=5),
        log_format=_one_of(env, "CENTER_LOG_FORMAT", ("console", "json")),
        metrics_token=_metrics_token(env.get("CENTER_METRICS_TOKEN", "")),
        clock_start=_moment(env, "CENTER_CLOCK_START"),
        site_url=_site_url(env.get("CENTER_SITE_URL", "")),
        hosts=_names(env, "CENTER_HOSTS", "names such as center.example.cn", _HOST),
        private_receivers=_names(env, "CENTER_PRIVATE_RECEIVERS", "names or networks such as 10.0.0.0/8", _RECEIVER),
        second_factor=_yes_no(env, "CENTER_SECOND_FACTOR", default=True),
        access_log_days=_number(env, "CENTER_ACCESS_LOG_DAYS", 400, low=SHORTEST_ACCESS_LOG, high=3660),
    )


def _refuse_unknown(env: Mapping[str, str]) -> None:
    known = {f"CENTER_{f.name.upper()}" for f in fields(Settings)}
    for name in env:
        if name not in known and not name.startswith("CENTER_TEST_"):
            close = difflib.get_close_matches(name, known, n=1, cutoff=0.75)  # all begin alike
            hint = f" Did you mean {close[0]}?" if close else f" Known: {', '.join(sorted(known))}."
            raise SettingsError(f"{name} is not a setting.{hint}")


def _database_url(value: str, data_dir: Path) -> str:
    if not value:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        return f"sqlite:///{data_dir / 'center.db'}"
    for plain in ("postgres://", "postgresql://"):
        if value.startswith(plain):
            return "postgresql+psycopg://" + value.removeprefix(plain)
    if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise SettingsError("CENTER_DATABASE_URL must start with sqlite:/// or postgresql://.")
    return value


def _secret_key(value: str, data_dir: Path) -> str:
    """The given key, or one made once and kept in the data folder for this machine's owner only."""
    if value:
        if len(value) < 32:
            raise SettingsError("CENTER_SECRET_KEY must have at least 32 characters.")
        return value
    file = data_dir / "secret.key"
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        kept = file.read_text().strip()
        if len(kept) < 32:
            raise SettingsError(f"{file} holds no secret key. Remove it, and a new one is made.") from None
        return kept
    with os.fdopen(handle, "w") as out:
        key = secrets.token_hex(32)
        out.write(key)
    return key


def _metrics_token(value: str) -> str:
    if value and (len(value) < 16 or not value.isascii() or any(c.isspace() for c in value)):
        raise SettingsError("CENTER_METRICS_TOKEN must have at least 16 characters of ASCII and no blanks.")
    return value


def _site_url(value: str) -> str:
    """Where people find this site, for links in messages; without a slash at its end."""
    if not value:
        return ""
    try:
        parts = urlsplit(value)
        is_fine = parts.scheme in {"http", "https"} and bool(parts.hostname) and not (parts.query or parts.fragment)
    except ValueError:
        is_fine = False
    if not is_fine:
        raise SettingsError(f"CENTER_SITE_URL must be an address such as https://center.example.cn, not {value!r}.")
    return value.rstrip("/")


def _names(env: Mapping[str, str], setting: str, such_as: str, shape: re.Pattern[str]) -> tuple[str, ...]:
    """Several names, such as `center.example.cn, center.example`."""
    names = tuple(name.strip().lower() for name in env.get(setting, "").split(",") if name.strip())
    if wrong := next((name for name in names if not shape.fullmatch(name)), ""):
        raise SettingsError(f"{setting} must be {such_as}, with commas between, not {wrong!r}.")
    return names


def _number(env: Mapping[str, str], name: str, default: int, *, low: int, high: int) -> int:
    value = env.get(name, "")
    if not value:
        return default
    if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
        raise SettingsError(f"{name} must be a whole number from {low} to {high}, not {value!r}.")
    return int(value)


def _secure_cookies(env: Mapping[str, str]) -> bool:
    """Whether cookies travel by HTTPS alone. They always do, but for a site that only this machine can reach."""
    is_here = is_loopback(env.get("CENTER_HOST") or "127.0.0.1")
    is_https = env.get("CENTER_SITE_URL", "").lower().startswith("https:")
    if not env.get("CENTER_SECURE_COOKIES"):
        return is_https or not is_here or bool(env.get("CENTER_TRUSTED_PROXIES", "0").strip("0"))
    is_wanted = _yes_no(env, "CENTER_SECURE_COOKIES")
    if not is_wanted and (is_https or not is_here):
        raise SettingsError(
            "CENTER_SECURE_COOKIES may be 0 only where the site listens on 127.0.0.1 and CENTER_SITE_URL begins "
            "without https: others could else read who is signed in."
        )
    return is_wanted


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches what listens there."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _yes_no(env: Mapping[str, str], name: str, *, default: bool = False) -> bool:
    value = env.get(name, "").lower() or ("1" if default else "")
    if value not in {"", "0", "1", "yes", "no", "true", "false"}:
        raise SettingsError(f"{name} must be 1 or 0, not {value!r}.")
    return value in {"1", "yes", "true"}


def _one_of(env: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    value = env.get(name) or choices[0]
    if value not in choices:
        raise SettingsError(f"{name} must be one of {', '.join(choices)}, not {value!r}.")
    return value


def _moment(env: Mapping[str, str], name: str) -> datetime | None:
    value = env.get(name, "")
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise SettingsError(f"{name} must be a moment such as 2026-11-23T09:00+08:00, not {value!r}.") from None
    if moment.tzinfo is None:
        raise SettingsError(f"{name} needs a zone, such as +08:00.")
    return moment
