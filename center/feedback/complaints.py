"""Complaints: to the director alone, answered once, the answer read by whoever has the number. Never commits."""

import hmac
import re
import unicodedata
from collections.abc import Collection, Sequence
from datetime import datetime
from hashlib import sha256

from flask import current_app
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from center.activities.models import Session
from center.feedback import news, rules
from center.feedback.models import Complaint, FeedbackTicket
from center.kernel.access import Permission
from center.kernel.acts import Act
from center.kernel.db import db, lock, must_find
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import format_day, local_date
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.site import path_to
from center.kernel.texts import new_reference, reference_from
from center.kernel.trail import note
from center.notices import outbox
from center.notices.kinds import say_desk
from center.organisations.models import Organisation, OrganisationKind
from center.organisations.queries import roles_of
from center.people.models import Person, RoleGrant
from center.people.rules import PERMISSIONS

READERS = [role for role, may in PERMISSIONS.items() if Permission.READ_COMPLAINTS in may]
NONE = _l("There is no such complaint.")
SOME = 100
MOST_OF_SESSION = 20  # without a name; more than that is somebody who presses again and again


def complain(
    about: Session | Organisation,
    words: str,
    *,
    contact: str = "",
    person: Person | None,
    now: datetime,
    by: Person | None = None,
    key: str = "",
) -> Complaint:
    """Send a complaint to the director; `person` is None for whoever gives no name, `by` is who typed it from paper.

    The same words under the same `key`, which only the form has, are the same complaint: its number follows from them,
    so that nothing is kept of when it was sent.

    Raises RuleBroken where nothing is said, or where too many came without a name; Conflict over the very same again.
    """
    if not words.strip():
        raise RuleBroken(_l("Please write what happened."), field="words")
    organisation = about.activity.organisation if isinstance(about, Session) else about
    session = about if isinstance(about, Session) else None
    lock(organisation)
    number = _number_of(key, about, words) if key else f"{new_reference()}-{new_reference()}"
    if (sent := db.session.scalar(select(Complaint).where(Complaint.number == number))) is not None:
        return sent
    _check_number(session, person)
    made = Complaint(
        number=number,
        organisation_id=organisation.id,
        session_id=session.id if session else None,
        person_id=person.id if person else None,
        words=words.strip()[: rules.MOST_OF_COMPLAINT],
        contact=contact[:120],
        sent_on=local_date(now),
    )
    _refuse_the_same(made)
    db.session.add(made)
    db.session.flush()
    _tell_directors(made, organisation, by=by, now=now)
    return made


def _number_of(key: str, about: Session | Organisation, words: str) -> str:
    """The number of what is sent with this key: nobody without the site's secret can guess it."""
    said = f"complaint {key} {type(about).__name__} {about.id} {words}"
    digest = hmac.new(str(current_app.secret_key).encode(), said.encode("utf-8", "backslashreplace"), sha256).digest()
    return f"{reference_from(digest[:8])}-{reference_from(digest[8:16])}"


def _tell_directors(made: Complaint, organisation: Organisation, *, by: Person | None, now: datetime) -> None:
    if by is not None:
        note(Act.COMPLAINT_ENTERED, by=by)
    for reader in readers(organisation, now=now):
        outbox.tell(
            reader,
            news.COMPLAINT_SENT,
            key=f"complaint:{made.id}:{reader.id}",
            facts={},
            path=path_to("feedback.complaint", complaint_id=made.id),
            about=f"complaint:{made.id}",
            by=by,
            now=now,
        )


def answer(complaint: Complaint, words: str, *, by: Person, now: datetime) -> None:
    """Answer a complaint, once; whoever gave their name is told. Raises Conflict the second time."""
    lock(complaint)
    if complaint.answered_at is not None:
        raise Conflict(_l("This was answered already."))
    if not words.strip():
        raise RuleBroken(_l("Please write an answer."), field="words")
    complaint.answer, complaint.answered_at, complaint.answered_by_id = words.strip(), now, by.id
    note(Act.COMPLAINT_ANSWERED, by=by)
    if complaint.person is None or complaint.person.erased_at is not None:
        return
    day = complaint.sent_on
    outbox.tell(
        complaint.person,
        news.COMPLAINT_ANSWERED,
        key=f"complaint:{complaint.id}:answer",
        facts={"day": lambda: format_day(day), "desk": say_desk},
        path=path_to("feedback.answer_to_complaint", answer_number=complaint.number),
        about=f"complaint:{complaint.id}:answer",
        now=now,
    )


def readers(organisation: Organisation, *, now: datetime) -> list[Person]:
    """Directors who read complaints about an organisation: nobody who belongs to it, unless it is the centre."""
    today, of = local_date(now), RoleGrant
    is_now = (of.starts_on <= today, or_(of.ends_on.is_(None), of.ends_on >= today))
    ids = select(of.person_id).where(of.role.in_(READERS), *is_now)
    query = select(Person).where(Person.id.in_(ids), Person.erased_at.is_(None)).order_by(Person.sort_key, Person.id)
    everybody = db.session.scalars(query).all()
    if organisation.kind is OrganisationKind.CENTRE:
        return list(everybody)
    return [each for each in everybody if organisation.id not in roles_of(each.id, today)]


def complaints_for(own_organisation_ids: Collection[int]) -> Sequence[Complaint]:
    """Complaints that somebody with these organisations may read: those that wait first, then the latest."""
    query = select(Complaint).join(Complaint.organisation).where(_not_about(own_organisation_ids))
    whole = (joinedload(Complaint.organisation), joinedload(Complaint.session).joinedload(Session.activity))
    order = (Complaint.answered_at.is_not(None), Complaint.sent_on.desc(), Complaint.id.desc())
    return db.session.scalars(query.options(*whole).order_by(*order).limit(SOME)).all()


def count_waiting(own_organisation_ids: Collection[int]) -> int:
    """How many wait for whoever has these organisations."""
    query = select(func.count()).select_from(Complaint).join(Complaint.organisation)
    return db.session.scalar(query.where(_not_about(own_organisation_ids), Complaint.answered_at.is_(None))) or 0


def count_of_others(own_organisation_ids: Collection[int]) -> int:
    """How many wait that another director must read, since they are about an organisation one belongs to."""
    query = select(func.count()).select_from(Complaint).join(Complaint.organisation)
    return db.session.scalar(query.where(~_not_about(own_organisation_ids), Complaint.answered_at.is_(None))) or 0


def get(complaint_id: int) -> Complaint:
    """The complaint with this id; raises NotFound."""
    return must_find(db.session.get(Complaint, complaint_id), NONE)


def get_by_number(typed: str) -> Complaint:
    """The complaint with this number, however it was typed; raises NotFound."""
    letters = re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", typed[:40]).upper())
    number = "-".join(letters[n : n + 4] for n in range(0, len(letters), 4))
    return must_find(db.session.scalar(select(Complaint).where(Complaint.number == number)), NONE)


def of_person(person_ids: Collection[int]) -> Sequence[Complaint]:
    """What somebody wrote to the director under their name, the latest first."""
    query = select(Complaint).where(Complaint.person_id.in_(sorted(person_ids)))
    return db.session.scalars(query.order_by(Complaint.sent_on.desc(), Complaint.id.desc())).all()


def _not_about(own_organisation_ids: Collection[int]) -> ColumnElement[bool]:
    is_centre = Organisation.kind == OrganisationKind.CENTRE
    return or_(is_centre, Complaint.organisation_id.not_in(sorted(own_organisation_ids)))


def _check_number(session: Session | None, person: Person | None) -> None:
    """Links may be in many hands; one session has no more complaints without a name than it had tickets, or twenty."""
    if session is None or person is not None:
        return
    nameless = (Complaint.session_id == session.id, Complaint.person_id.is_(None))
    so_far = db.session.scalar(select(func.count()).select_from(Complaint).where(*nameless)) or 0
    tickets = select(func.count()).select_from(FeedbackTicket).where(FeedbackTicket.session_id == session.id)
    if so_far >= max(MOST_OF_SESSION, db.session.scalar(tickets) or 0):
        raise RuleBroken(_l("So many came about this session that no more are taken here. Please come to the desk."))


def _refuse_the_same(made: Complaint) -> None:
    """The very same words on the same day are the same complaint, sent again; raises Conflict."""
    of = Complaint
    same = (of.organisation_id == made.organisation_id, of.sent_on == made.sent_on, of.words == made.words)
    if db.session.scalar(select(of.id).where(*same).limit(1)) is not None:
        raise Conflict(_l("Exactly this was sent today already. The director has it."), field="words")
