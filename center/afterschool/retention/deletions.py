"""A guardian asks to delete what is kept of a child, and the director decides. The proof of it names nobody."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import joinedload

from center.afterschool.models.retention import DeletedWhy, DeletionAsk, DeletionProof
from center.afterschool.retention import deletion_news
from center.afterschool.rights.guardian_rights import Deed, refuse_undecided
from center.kernel.acts import Act
from center.kernel.db import db, lock, must_find
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.kernel.trail import note
from center.notices import outbox
from center.people.acting import is_guardian
from center.people.erasing import actions as erasing
from center.people.masking import masked_name
from center.people.models import Person

LINE = 7313  # of proofs on PostgreSQL, one after the other; SQLite has one writer


def ask(child: Person, guardian: Person, *, words: str, by: Person, now: datetime) -> DeletionAsk:
    """Write down that a guardian asks to delete what is kept of their child; one that waits already is that.

    `by` is the guardian themselves, or staff to whom they said it.
    """
    lock(child)
    if not is_guardian(guardian, child, local_date(now)):
        raise RuleBroken(_l("This person is no guardian of the child."), field="guardian")
    refuse_undecided(guardian, child, now=now, to=Deed.DELETION)
    if known := open_of(child):
        return known
    made = DeletionAsk(
        child_id=child.id,
        asked_by_id=guardian.id,
        recorded_by_id=by.id,
        asked_at=now,
        words=" ".join(words.split())[:200],
    )
    db.session.add(made)
    db.session.flush()
    return made


def refuse(asked: DeletionAsk, *, why: str, by: Person, now: datetime) -> None:
    """Leave the record as it is, and tell the guardian why."""
    _hold(asked)
    if not why.strip():
        raise RuleBroken(_l("Say why, the guardian reads it."), field="why")
    guardian, child = asked.asked_by, asked.child
    _decide(asked, is_granted=False, why=why.strip(), by=by, now=now)
    facts = {"person": masked_name(child.name), "reason": why.strip()}
    key = f"child_deletion:{asked.id}"
    outbox.tell(guardian, deletion_news.NOT_DELETED, key=key, facts=facts, about=key, now=now)


def grant(asked: DeletionAsk, *, by: Person, now: datetime) -> None:
    """Delete what is kept of the child, through the one way by which the house forgets anybody.

    Raises InTheWay where something must be settled first.
    """
    _hold(asked)
    guardian, child = asked.asked_by, asked.child
    facts = {"person": masked_name(child.name)}
    key = f"child_deletion:{asked.id}"
    _decide(asked, is_granted=True, why="", by=by, now=now)
    gone = [(line.part.table.name, line.count) for line in erasing.plan_of(child).goes]
    erasing.erase(child, by=by, now=now)
    prove(gone, why=DeletedWhy.ASKED, now=now)
    outbox.tell(guardian, deletion_news.DELETED, key=key, facts=facts, about=key, now=now)


def prove(gone: Sequence[tuple[str, int]], *, why: DeletedWhy, now: datetime, **facts: object) -> None:
    """Keep that so many rows of each kind are gone, and nothing of whose they were; each proof after the one before."""
    wait_in_line()
    before = db.session.scalar(select(DeletionProof.digest).order_by(DeletionProof.id.desc()).limit(1)) or ""
    for kind, count in gone:
        if count:
            row = DeletionProof(at=now, kind=kind[:40], why=why, how_many=count, **facts)
            before = row.digest = digest_of(row, before)
            db.session.add(row)
            db.session.flush()


def wait_in_line() -> None:
    """Nobody else deletes and proves anything until the transaction ends."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(LINE)))


def digest_of(proof: DeletionProof, before: str) -> str:
    """What a proof says and the digest of the one before it, as one number: none can be left out or made up later."""
    said = (
        f"{proof.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}", proof.kind, proof.why.value, str(proof.older_than or ""),
        str(proof.how_many), str(proof.period_days or ""), before,
    )  # fmt: skip
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def find_broken() -> int | None:
    """The first proof whose digest does not follow from what it says and the one before it; None where all do."""
    before = ""
    for proof in db.session.scalars(select(DeletionProof).order_by(DeletionProof.id)):
        if (proof.digest or before) and proof.digest != digest_of(proof, before):
            return proof.id
        before = proof.digest
    return None


def open_of(child: Person) -> DeletionAsk | None:
    """What waits for the director's decision of a child."""
    query = select(DeletionAsk).where(DeletionAsk.child_id == child.id, DeletionAsk.decided_at.is_(None))
    return db.session.scalar(query)


def waiting() -> Sequence[DeletionAsk]:
    """All that waits for the director's decision, the oldest first."""
    query = select(DeletionAsk).where(DeletionAsk.decided_at.is_(None))
    query = query.options(joinedload(DeletionAsk.child), joinedload(DeletionAsk.asked_by))
    return db.session.scalars(query.order_by(DeletionAsk.asked_at, DeletionAsk.id)).all()


def proofs(*, most: int = 200) -> Sequence[DeletionProof]:
    """What was deleted, the latest first."""
    return db.session.scalars(select(DeletionProof).order_by(DeletionProof.id.desc()).limit(most)).all()


def get(ask_id: int) -> DeletionAsk:
    """What a guardian asked; raises NotFound."""
    return must_find(db.session.get(DeletionAsk, ask_id), _l("There is no such request."))


def _hold(asked: DeletionAsk) -> None:
    try:
        lock(asked)
    except NoResultFound as gone:
        raise Conflict(_l("This was decided already.")) from gone
    if asked.decided_at is not None:
        raise Conflict(_l("This was decided already."))


def _decide(asked: DeletionAsk, *, is_granted: bool, why: str, by: Person, now: datetime) -> None:
    asked.is_granted, asked.why, asked.decided_at, asked.decided_by_id = is_granted, why[:200], now, by.id
    db.session.flush()
    note(Act.CHILD_DELETION_DECIDED, by=by, person_id=asked.child_id, reason=why)
