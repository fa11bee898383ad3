"""What people ask about their own data: that something is wrong, or that the centre forgets them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from center.kernel.acts import Act
from center.kernel.db import db, lock, must_find
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.trail import note
from center.notices.kinds import Calls, Kind, register
from center.notices.models import ABOUT_DATA, Ask, AskedFor
from center.notices.outbox import tell
from center.people.models import Person

SHOWN = 5
CORRECTED = Kind(
    code="data.corrected",
    title=_l("Data corrected"),
    subject=_l("What was wrong is corrected"),
    body=_l("%(name)s, you told us: “%(what)s”. The desk has corrected it. %(reason)s"),
    facts=frozenset({"name", "what", "reason"}),
    calls=Calls.WITHOUT_ACCOUNT,
)
NOT_CORRECTED = Kind(
    code="data.not_corrected",
    title=_l("Data not corrected"),
    subject=_l("Why we leave it as it is"),
    body=_l(
        "%(name)s, you told us: “%(what)s”. It stays as it is: %(reason)s"
        " If you do not agree, please speak to the director."
    ),
    facts=frozenset({"name", "what", "reason"}),
    calls=Calls.WITHOUT_ACCOUNT,
)
NOT_ERASED = Kind(
    code="data.not_erased",
    title=_l("Data not erased"),
    subject=_l("Why your data is not erased"),
    body=_l("%(name)s, you asked us to erase your data. We have not done so: %(reason)s"),
    facts=frozenset({"name", "reason"}),
    calls=Calls.WITHOUT_ACCOUNT,
)
register([CORRECTED, NOT_CORRECTED, NOT_ERASED])


def ask(person: Person, what: AskedFor, *, words: str, by: Person, now: datetime) -> Ask:
    """Write down what somebody asks about their data; what waits already in the same words is that.

    `by` is the person themselves, or staff to whom they said it. Raises RuleBroken where nobody could tell what is
    wrong.
    """
    lock(person)
    words = " ".join(words.split())
    if what is AskedFor.CORRECTION and not words:
        raise RuleBroken(_l("Please say what is wrong, and what is right."), field="note")
    for known in open_asks_of(person):
        if known.what is what and (what is AskedFor.ERASURE or known.note == words):
            return known
    made = Ask(person_id=person.id, what=what, note=words, asked_at=now, asked_by_id=by.id)
    db.session.add(made)
    db.session.flush()
    if by.id != person.id:
        note(Act.DATA_ASKED, person_id=person.id, by=by)
    return made


def take_back(made: Ask) -> None:
    """They do not ask for it any more; what was settled meanwhile stays."""
    lock(made)
    if made.settled_at is None:
        db.session.delete(made)
        db.session.flush()


def settle(made: Ask, *, is_refused: bool, answer: str, by: Person, now: datetime) -> None:
    """It is corrected, or it stays as it is, and the person is told; twice is once.

    Raises RuleBroken for a refusal without a reason, and over what somebody asked for themselves.
    """
    lock(made)
    assert made.person is not None
    answer = " ".join(answer.split())
    if made.settled_at is not None:
        return
    if made.person_id == by.id:
        raise RuleBroken(_l("Nobody decides about what they ask for themselves. Leave it to somebody else."))
    if is_refused and not answer:
        raise RuleBroken(_l("Please say why: the person will read it."), field="answer")
    made.is_refused, made.answer, made.settled_at, made.settled_by_id = is_refused, answer, now, by.id
    db.session.flush()
    if made.what is AskedFor.ERASURE:
        note(Act.ERASURE_REFUSED, person_id=made.person_id, by=by, reason=answer)
        kind = NOT_ERASED
    elif is_refused:
        note(Act.CORRECTION_REFUSED, person_id=made.person_id, by=by, reason=answer)
        kind = NOT_CORRECTED
    else:
        note(Act.CORRECTION_MADE, person_id=made.person_id, by=by, reason=answer)
        kind = CORRECTED
    facts = {"what": made.note, "reason": answer}
    tell(
        made.person,
        kind,
        key=f"{kind.code}:{made.id}",
        facts=facts,
        now=now,
        path="/me/account",
        about=f"ask:{made.id}",
    )


def open_asks() -> Sequence[Ask]:
    """What people ask about their data and nobody has settled, the oldest first."""
    return db.session.scalars(_with_all().where(Ask.settled_at.is_(None)).order_by(Ask.asked_at, Ask.id)).all()


def count_open() -> int:
    """How many there are."""
    query = select(func.count()).select_from(Ask).where(Ask.person_id.is_not(None), Ask.settled_at.is_(None))
    return db.session.scalar(query) or 0


def open_asks_of(person: Person) -> Sequence[Ask]:
    """What one person asks about their data."""
    waiting = _with_all().where(Ask.person_id == person.id, Ask.settled_at.is_(None))
    return db.session.scalars(waiting.order_by(Ask.asked_at, Ask.id)).all()


def latest_of(person: Person) -> Sequence[Ask]:
    """What one person asked lately, the latest first, with what came of it."""
    theirs = _with_all().where(Ask.person_id == person.id)
    return db.session.scalars(theirs.order_by(Ask.asked_at.desc(), Ask.id.desc()).limit(SHOWN)).all()


def get_ask(ask_id: int) -> Ask:
    """What somebody asked about their data; raises NotFound."""
    return must_find(db.session.scalar(_with_all().where(Ask.id == ask_id)), _l("There is no such message."))


def _with_all() -> Select[Ask]:
    person = joinedload(Ask.person).joinedload(Person.building)
    query = select(Ask).where(Ask.what.in_(ABOUT_DATA))
    return query.options(person, joinedload(Ask.asked_by), joinedload(Ask.settled_by))
