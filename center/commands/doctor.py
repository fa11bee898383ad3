"""`center doctor`: what this installation runs on, and whether it is sound."""

import enum
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import click
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from center.app.wiring import SWEEPS
from center.commands.encrypted_rows import unreadable_by_column, values_by_key
from center.commands.ledger_checks import ledger_findings, missing_holds
from center.kernel import clock, data_keys, private_files, schema, sqlite
from center.kernel.config import ROOT, Settings, is_loopback
from center.kernel.db import db
from center.notices.queries import outgoing_addresses

BOOKED_AHEAD = timedelta(days=30)
LATE = timedelta(minutes=10)


class Verdict(enum.StrEnum):
    """How a finding is to be taken."""

    FINE = "ok"
    LOOK = "look"
    WRONG = "wrong"


COLOURS = {Verdict.FINE: "green", Verdict.LOOK: "yellow", Verdict.WRONG: "red"}


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    verdict: Verdict
    subject: str
    says: str


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at everything, the database first; stops there if it cannot be reached."""
    try:
        yield from _engine()
    except DBAPIError as error:
        yield Finding(Verdict.WRONG, "database", f"cannot be reached: {str(error.orig).strip()}")
        return
    is_behind = schema.are_behind()
    yield _migrations(is_behind)
    if not is_behind:
        yield from _ledger()
        yield _calendar()
        yield _due_work()
        yield _sealed()
        yield from _encrypted()
        yield _deletions()
    yield _clock(settings)
    yield _check_in(settings)
    yield _secret_key(settings)
    yield _data_keys()
    yield _private(settings)
    yield _translations()


def _engine() -> Iterator[Finding]:
    if db.engine.dialect.name == "sqlite":
        yield Finding(Verdict.FINE, "engine", f"SQLite {sqlite.VERSION} {sqlite.SOURCE}, {db.engine.url.database}")
        yield _journal()
        yield _foreign_keys()
        return
    version = db.session.scalar(text("SHOW server_version"))
    yield Finding(Verdict.FINE, "engine", f"PostgreSQL {version}, database {db.engine.url.database}")
    yield Finding(Verdict.FINE, "foreign keys", "always on")


def _journal() -> Finding:
    mode = str(db.session.scalar(text("PRAGMA journal_mode"))).upper()
    synchronous = db.session.scalar(text("PRAGMA synchronous"))
    if sqlite.wal_is_safe():
        why = "this SQLite has the fix of the WAL-reset fault"
    else:
        why = "WAL needs SQLite 3.51.3, 3.50.7 or 3.44.6, which have the fix of the WAL-reset fault; this one has not"
    is_safe = mode == sqlite.journal_mode() and synchronous == 2
    says = f"{mode}, synchronous {'FULL' if synchronous == 2 else synchronous}: {why}"
    return Finding(Verdict.FINE if is_safe else Verdict.WRONG, "journal", says)


def _foreign_keys() -> Finding:
    if not db.session.scalar(text("PRAGMA foreign_keys")):
        return Finding(Verdict.WRONG, "foreign keys", "off")
    broken = db.session.execute(text("PRAGMA foreign_key_check")).all()
    if broken:
        return Finding(Verdict.WRONG, "foreign keys", f"on, but {len(broken)} rows point to nothing, in {broken[0][0]}")
    return Finding(Verdict.FINE, "foreign keys", "on, and no row points to nothing")


def _migrations(is_behind: bool) -> Finding:
    if is_behind:
        has = ", ".join(sorted(schema.current())) or "none"
        return Finding(Verdict.WRONG, "migrations", f"behind (it has {has}): run `center db upgrade`")
    return Finding(Verdict.FINE, "migrations", f"current ({', '.join(sorted(schema.wanted()))})")


def _ledger() -> Iterator[Finding]:
    missing = missing_holds()
    if missing:
        yield Finding(Verdict.WRONG, "ledger's guards", f"missing in the database: {', '.join(missing)}")
    else:
        yield Finding(Verdict.FINE, "ledger's guards", "every trigger and constraint is in place")
    wrong = ledger_findings()
    for says in wrong:
        yield Finding(Verdict.WRONG, "ledger", says)
    if not wrong:
        rows = db.session.scalar(text("SELECT count(*) FROM occupancies"))
        says = f"{rows:,} rows: none overlap, live uses have theirs, no others have any"
        yield Finding(Verdict.FINE, "ledger", says)
        pools, taken = db.session.execute(text("SELECT count(*), coalesce(sum(taken), 0) FROM pools")).one()
        says = f"{taken:,} places taken in {pools:,} pools: as many as sign-ups have, and none twice"
        yield Finding(Verdict.FINE, "ledger of places", says)


def _calendar() -> Finding:
    from center.kernel.i18n import centre_zone
    from center.premises.queries import last_known_year

    year = last_known_year()
    booked_until = clock.today(centre_zone()) + BOOKED_AHEAD
    if year >= booked_until.year:
        return Finding(Verdict.FINE, "public holidays", f"moved days are known up to {year}")
    says = (
        f"moved days are known up to {year}, but rooms are booked into {booked_until.year}: enter them under Settings"
    )
    return Finding(Verdict.LOOK, "public holidays", says)


def _due_work() -> Finding:
    """Whether somebody does what falls due: whatever was due some time ago should be done by now."""
    then = clock.now() - LATE
    late = {sweep.name: len(ids) for sweep in SWEEPS if (ids := sweep.due(then))}
    if not late:
        return Finding(Verdict.FINE, "due work", "nothing is late")
    listed = ", ".join(f"{name} ({count})" for name, count in late.items())
    return Finding(Verdict.LOOK, "due work", f"late by 10 minutes or more: {listed}. Is `center worker` running?")


def _clock(settings: Settings) -> Finding:
    if settings.clock_start is None:
        return Finding(Verdict.FINE, "clock", "the machine's")
    return Finding(Verdict.LOOK, "clock", f"set by CENTER_CLOCK_START, it shows {clock.now():%Y-%m-%d %H:%M} UTC")


def _check_in(settings: Settings) -> Finding:
    """Whether browsers let check-in use a camera, and keep its page for when there is no connection."""
    site = urlsplit(settings.site_url)
    if site.scheme == "https":
        return Finding(Verdict.FINE, "check-in", f"cameras work, and devices without a connection: {settings.site_url}")
    if is_loopback(site.hostname or settings.host):
        says = "cameras and offline check-in work on this machine alone: phones need CENTER_SITE_URL with https"
        return Finding(Verdict.FINE, "check-in", says)
    says = "no camera and no check-in without a connection: browsers want https for both. README says how to get it"
    return Finding(Verdict.LOOK, "check-in", says)


def _secret_key(settings: Settings) -> Finding:
    file = settings.data_dir / "secret.key"
    if not file.exists() or file.read_text().strip() != settings.secret_key:
        return Finding(Verdict.FINE, "secret key", "given by CENTER_SECRET_KEY")
    mode = stat.S_IMODE(file.stat().st_mode)
    if mode & 0o077:
        return Finding(Verdict.WRONG, "secret key", f"{file} can be read by others: run `chmod 600 {file}`")
    return Finding(Verdict.FINE, "secret key", f"{file}, readable by its owner only")


def _private(settings: Settings) -> Finding:
    if found := private_files.open_to_others(settings):
        listed = ", ".join(map(str, found))
        return Finding(Verdict.LOOK, "data folder", f"others can read {listed}: run `chmod -R go= {settings.data_dir}`")
    return Finding(Verdict.FINE, "data folder", f"{settings.data_dir}, readable by its owner only")


def _sealed() -> Finding:
    """Whether the addresses of gateways and groups can be read with this secret key."""
    lost = [each.name for each in outgoing_addresses() if not each.url]
    if lost:
        return Finding(Verdict.LOOK, "gateways", f"kept with another secret key, enter them anew: {', '.join(lost)}")
    return Finding(Verdict.FINE, "gateways", "their addresses are encrypted, and can be read")


def _encrypted() -> Iterator[Finding]:
    """Whether everything in encrypted columns can be read, by decrypting it, and under which keys it is."""
    ring, connection = data_keys.store().ring(), db.session.connection()
    values = sum(values_by_key(connection).values(), Counter())
    listed = ", ".join(f"{count:,} under {key or 'no key'}" for key, count in sorted(values.items())) or "none"
    if missing := sorted(filter(None, values.keys() - ring.keys.keys())):
        says = f"values: {listed}. MISSING: {', '.join(missing)}. Put back the copy of the keys that has them"
        yield Finding(Verdict.WRONG, "encrypted", says)
    elif values.keys() - {ring.current}:
        yield Finding(Verdict.LOOK, "encrypted", f"values: {listed}. Current is {ring.current}: `center keys rotate`")
    else:
        yield Finding(Verdict.FINE, "encrypted", f"values: {listed}")
    for column, count in unreadable_by_column(connection).items():
        yield Finding(Verdict.WRONG, "encrypted", f"{count:,} values of {column} cannot be read")


def _deletions() -> Finding:
    """Whether each proof that children's data were deleted on time follows from the one before it."""
    from center.afterschool.retention.deletions import find_broken

    if (broken := find_broken()) is not None:
        says = f"proof {broken} does not follow from the one before it: somebody altered or removed one"
        return Finding(Verdict.WRONG, "proofs of deletion", says)
    return Finding(Verdict.FINE, "proofs of deletion", "each follows from the one before it")


def _data_keys() -> Finding:
    store = data_keys.store()
    if store.given:
        return Finding(Verdict.FINE, "data keys", "given by CENTER_DATA_KEYS")
    store.ring()
    if stat.S_IMODE(store.file.stat().st_mode) & private_files.OTHERS:
        return Finding(Verdict.WRONG, "data keys", f"{store.file} can be read by others: run `chmod 600 {store.file}`")
    says = f"{store.file}, readable by its owner only. No backup has them: keep a copy apart"
    return Finding(Verdict.FINE, "data keys", says)


def _translations() -> Finding:
    folder = ROOT / "center" / "translations"
    sources = sorted(folder.glob("*/LC_MESSAGES/*.po"))
    late = [
        po for po in sources if not (mo := po.with_suffix(".mo")).exists() or mo.stat().st_mtime < po.stat().st_mtime
    ]
    if late:
        return Finding(Verdict.LOOK, "translations", "not compiled since they changed: run `make translations`")
    if not sources:
        return Finding(Verdict.LOOK, "translations", "there are none: every page is in English")
    return Finding(Verdict.FINE, "translations", f"compiled: {', '.join(po.parent.parent.name for po in sources)}")


def report(settings: Settings) -> None:
    """Say everything that was found, a line each; exits with 1 when something is wrong."""
    findings = []
    for finding in examine(settings):
        findings.append(finding)
        mark = click.style(f"{finding.verdict.value:<6}", fg=COLOURS[finding.verdict])
        click.echo(f"{mark} {finding.subject:<16} {finding.says}")
    if not is_sound(findings):
        raise SystemExit(1)


def is_sound(findings: Iterable[Finding]) -> bool:
    """Whether nothing is wrong."""
    return all(finding.verdict is not Verdict.WRONG for finding in findings)
