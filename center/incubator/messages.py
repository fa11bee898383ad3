"""Who hears what of an application, in the same transaction in which it happens."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from center.incubator import news
from center.incubator.models.incubations import Incubation, IncubationDecision
from center.incubator.models.publications import Objection
from center.incubator.models.reviews import IncubationReview, PanelSeat
from center.incubator.stages.words import STAGE_MEANS, STAGE_NAMES
from center.kernel.db import db
from center.kernel.i18n import format_day, in_language, local_date
from center.kernel.i18n import gettext as _
from center.kernel.site import path_to
from center.notices import outbox
from center.notices.kinds import Kind, say_desk, why
from center.organisations.models import MemberRole, Membership
from center.people.models import Person


def about(incubation: Incubation) -> str:
    """What all messages of an application are about."""
    return f"incubation:{incubation.id}"


def tell_moved(incubation: Incubation, decision: IncubationDecision, *, by: Person, now: datetime) -> None:
    """Those who applied hear where it stands; whoever has it next hears that it is theirs."""
    due, reason = decision.next_due_on, decision.reason
    facts = {
        **_facts(incubation),
        "means": lambda: STAGE_MEANS[decision.to_stage],
        "why": lambda: why(reason),
        "due": lambda: _("Until %(day)s.", day=format_day(due)) if due else "",
        "desk": say_desk,
    }
    path = path_to("incubation.own", application=incubation.number)
    for person in _applicants(incubation, on=now):
        if person.id != by.id:
            key = f"{about(incubation)}:{decision.step}:{person.id}"
            outbox.tell(person, news.MOVED, key=key, facts=facts, path=path, about=about(incubation), by=by, now=now)
    tell_owner(incubation, by=by, now=now)


def tell_owner(incubation: Incubation, *, by: Person, now: datetime) -> None:
    """Whoever has it from now on hears so, unless they took it themselves."""
    owner = incubation.owner
    if owner is not None and owner.id != by.id:
        _tell_staff(owner, news.YOURS, incubation, key=f"yours:{incubation.step}", by=by, now=now)


def tell_due(incubation: Incubation, *, now: datetime) -> None:
    """Whoever has it is reminded, once for each deadline."""
    if incubation.owner is not None and incubation.due_on is not None:
        _tell_staff(incubation.owner, news.DUE, incubation, key=_due(incubation), by=None, now=now)


def due_key(incubation: Incubation) -> str:
    """The key of that reminder."""
    return f"{about(incubation)}:{_due(incubation)}:{incubation.owner_id}"


def _due(incubation: Incubation) -> str:
    return f"due:{incubation.step}:{incubation.due_on:%Y%m%d}"


def tell_seated(review: IncubationReview, seats: Iterable[PanelSeat], *, by: Person, now: datetime) -> None:
    """Reviewers hear that they sit on a panel."""
    due = review.due_on
    facts = {**_facts(review.incubation), "due": lambda: format_day(due), "desk": say_desk}
    path = path_to("incubation.review", review_id=review.id)
    for seat in seats:
        key = f"review:{review.id}:{seat.person_id}"
        outbox.tell(
            seat.person, news.SEATED, key=key, facts=facts, path=path, about=f"review:{review.id}", by=by, now=now
        )


def tell_short(review: IncubationReview, *, by: Person, now: datetime) -> None:
    """Whoever has it hears that the panel is too small now; the interest itself is said on its page alone."""
    _tell_owner_of(review.incubation, news.SHORT, key=f"short:{review.id}:{by.id}", by=by, now=now)


def tell_scored(review: IncubationReview, *, by: Person, now: datetime) -> None:
    """Whoever has it hears that all sheets are signed."""
    _tell_owner_of(review.incubation, news.SCORED, key=f"scored:{review.id}:{by.id}", by=by, now=now)


def tell_objected(objection: Objection, *, by: Person | None, now: datetime) -> None:
    """Whoever has it hears that somebody objects."""
    _tell_owner_of(objection.publication.incubation, news.OBJECTED, key=f"objection:{objection.id}", by=by, now=now)


def tell_answered(objection: Objection, *, by: Person, now: datetime) -> None:
    """Who objected and was signed in reads the answer; others are reached by staff."""
    person = db.session.get(Person, objection.person_id) if objection.person_id else None
    if person is None:
        return
    answer, incubation = objection.answer, objection.publication.incubation
    facts = {**_facts(incubation), "answer": answer, "desk": say_desk}
    path = path_to("incubation.publication", publication_id=objection.publication_id)
    key = f"answered:{objection.id}"
    outbox.tell(person, news.ANSWERED, key=key, facts=facts, path=path, about=about(incubation), by=by, now=now)


def _tell_owner_of(incubation: Incubation, kind: Kind, *, key: str, by: Person | None, now: datetime) -> None:
    if incubation.owner is not None:
        _tell_staff(incubation.owner, kind, incubation, key=key, by=by, now=now)


def _tell_staff(
    person: Person, kind: Kind, incubation: Incubation, *, key: str, by: Person | None, now: datetime
) -> None:
    due = incubation.due_on
    facts = {**_facts(incubation), "due": lambda: format_day(due) if due else _("no day")}
    path, key = path_to("desk.incubation", application=incubation.number), f"{about(incubation)}:{key}:{person.id}"
    outbox.tell(person, kind, key=key, facts=facts, path=path, about=about(incubation), by=by, now=now)


def _facts(incubation: Incubation) -> dict[str, Any]:
    organisation, stage = incubation.organisation, incubation.stage
    return {
        "organisation": lambda: in_language(organisation.name, organisation.name_en),
        "stage": lambda: STAGE_NAMES[stage],
    }


def _applicants(incubation: Incubation, *, on: datetime) -> list[Person]:
    """Who applied, and who leads the organisation now."""
    today = local_date(on)
    leads = (
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organisation_id == incubation.organisation_id, Membership.role == MemberRole.LEAD)
        .where(Membership.starts_on <= today, (Membership.ends_on.is_(None)) | (Membership.ends_on >= today))
    )
    people = {person.id: person for person in (incubation.applicant, *db.session.scalars(leads))}
    return [people[number] for number in sorted(people)]
