"""What an organisation spent: entries with receipts, which nobody alters; a wrong one is struck. Never commits."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, undefer

from center.activities.photos import images
from center.incubator.evidence import rules
from center.incubator.models.evidence import ReceiptKind, SpendingEntry
from center.kernel.db import db, lock, must_find
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.file_sorts import sort_of
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.organisations.models import Organisation
from center.people.models import Person

NONE = _l("There is no such entry.")
SOME = 200


@dataclass(frozen=True)
class Receipt:
    """A receipt as it is kept."""

    kind: ReceiptKind
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Spent:
    """What was typed of an entry."""

    spent_on: date
    what: str
    payee: str = ""
    fen: int
    receipt: Receipt | None = None


def read_receipt(sent: bytes) -> Receipt | None:
    """The receipt in a file that was sent, by what is in it; None where none was. Raises RuleBroken on "receipt"."""
    if not sent:
        return None
    if sort_of(sent) in images.KINDS:
        try:
            return Receipt(ReceiptKind.JPEG, images.draw(sent).large)
        except RuleBroken as refused:
            raise RuleBroken(refused.message, field="receipt") from refused
    rules.check_pdf(sent)
    return Receipt(ReceiptKind.PDF, sent)


def enter(organisation: Organisation, spent: Spent, *, by: Person, now: datetime) -> SpendingEntry:
    """Write down what was spent. Raises RuleBroken over the day, Conflict over the very same entry again."""
    lock(organisation)
    if spent.spent_on > local_date(now):
        raise RuleBroken(_l("This day is still to come."), field="spent_on")
    entry = SpendingEntry(organisation_id=organisation.id, spent_on=spent.spent_on, what=spent.what, fen=spent.fen)
    entry.payee, entry.added_by_id, entry.added_at = spent.payee, by.id, now
    if spent.receipt is not None:
        entry.receipt_kind, entry.receipt = spent.receipt.kind, spent.receipt.content
        entry.receipt_size = len(spent.receipt.content)
        entry.receipt_digest = hashlib.sha256(spent.receipt.content).hexdigest()
    _refuse_twice(entry)
    db.session.add(entry)
    db.session.flush()
    return entry


def strike(entry: SpendingEntry, *, reason: str, by: Person, now: datetime) -> None:
    """Say that an entry does not count, and why; it stays to be read. Twice is once."""
    lock(entry)
    if entry.struck_at is not None:
        return
    if not reason.strip():
        raise RuleBroken(_l("Please write down why."), field="reason")
    entry.struck_at, entry.struck_by_id, entry.struck_reason = now, by.id, reason.strip()[:200]
    db.session.flush()


def entries_of(organisation_id: int, first: date | None = None, last: date | None = None) -> Sequence[SpendingEntry]:
    """What an organisation spent, in these days or in all, the latest first, without the receipts."""
    of = SpendingEntry
    query = select(of).where(of.organisation_id == organisation_id)
    if first is not None and last is not None:
        query = query.where(of.spent_on >= first, of.spent_on <= last)
    else:
        query = query.limit(SOME)
    query = query.options(joinedload(of.added_by), joinedload(of.struck_by))
    return db.session.scalars(query.order_by(of.spent_on.desc(), of.id.desc())).all()


def get(organisation_id: int, entry_id: int, *, whole: bool = False) -> SpendingEntry:
    """An entry of this organisation; raises NotFound."""
    query = select(SpendingEntry).where(SpendingEntry.id == entry_id, SpendingEntry.organisation_id == organisation_id)
    if whole:
        query = query.options(undefer(SpendingEntry.receipt))
    return must_find(db.session.scalar(query), NONE)


def sum_of(entries: Sequence[SpendingEntry]) -> int:
    """What counts of them together, in hundredths."""
    return sum(each.fen for each in entries if each.struck_at is None)


def _refuse_twice(entry: SpendingEntry) -> None:
    of = SpendingEntry
    same = (of.organisation_id == entry.organisation_id, of.spent_on == entry.spent_on, of.fen == entry.fen)
    alike = (of.what == entry.what, of.payee == entry.payee, of.struck_at.is_(None))
    if db.session.scalar(select(of.id).where(*same, *alike).limit(1)) is not None:
        raise Conflict(_l("Exactly this entry is there already."), field="what")
