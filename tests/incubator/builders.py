"""Builders of the incubator: an organisation at any stage, its papers, decisions with whatever they need.

Each acts in its own transaction. A stage is reached as the database demands: by the decisions that lead there.
"""

import hashlib
import itertools
from collections import deque
from typing import Any

from sqlalchemy import func, select

from center.incubator.models.incubations import (
    DocumentKind,
    Incubation,
    IncubationApplication,
    IncubationDecision,
    IncubationDocument,
    IncubationForm,
    IncubationStage,
    IncubationTransition,
)
from center.incubator.models.interests import Eligibility
from center.kernel import clock
from center.kernel.db import db, transaction
from center.organisations.models import Organisation
from center.people.models import Person
from tests.builders import ZONE, make_organisation, make_person
from tests.incubator.review_builders import make_publication, make_reviewed

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
_numbers = itertools.count(1)


def make_incubation(
    *,
    stage: IncubationStage = IncubationStage.INCUBATING,
    organisation: Organisation | None = None,
    applicant: Person | None = None,
    owner: Person | None = None,
    **facts: Any,
) -> Incubation:
    """An organisation that stands at a stage, which it reached by the shortest way that is allowed."""
    n, applicant = next(_numbers), applicant or make_person()
    organisation = organisation or make_organisation(leads=[applicant])
    now = clock.now()
    known = {"number": f"{now.year}-T{n}", "form": IncubationForm.REAL, "opened_at": now, **facts}
    with transaction() as session:
        incubation = Incubation(organisation_id=organisation.id, applicant_id=applicant.id, **known)
        session.add(incubation)
        session.flush()
        session.add(IncubationApplication(incubation_id=incubation.id, purpose="服务邻居", members=12, founders=2))
    by = owner or make_person()
    for goes in way_to(stage):
        if incubation.stage is IncubationStage.REVIEW:
            make_reviewed(incubation)
        made = make_decision(incubation, goes, by=by, next_owner_id=owner.id if owner else None)
        if goes is IncubationStage.PUBLISHED and stage is not IncubationStage.PUBLISHED:
            make_publication(made)
    return incubation


def make_decision(
    incubation: Incubation, to_stage: IncubationStage, *, by: Person | None = None, **facts: Any
) -> IncubationDecision:
    """The decision that moves an organisation on, by somebody who is free to make it or the applicant."""
    with transaction() as session:
        session.refresh(incubation)
        move = session.get_one(IncubationTransition, (incubation.stage, to_stage))
        by = db.session.get_one(Person, incubation.applicant_id) if move.by_applicant else by or _somebody(session)
        if move.needs_free:
            make_free(incubation, by)
        decision = IncubationDecision(
            **{
                "incubation_id": incubation.id,
                "step": incubation.step + 1,
                "from_stage": incubation.stage,
                "to_stage": to_stage,
                "by_id": by.id,
                "by_is_free": True if move.needs_free else None,
                "at": clock.now(),
                "reason": "理由" if move.needs_reason else "",
                **facts,
            }
        )
        session.add(decision)
        session.flush()
        session.refresh(incubation)
    return decision


def make_free(incubation: Incubation, person: Person) -> None:
    """Let somebody be known to have no interest; inside a transaction."""
    if db.session.get(Eligibility, (incubation.id, person.id)) is None:
        today = clock.now().astimezone(ZONE).date()
        db.session.add(Eligibility(incubation_id=incubation.id, person_id=person.id, is_free=True, since_on=today))
        db.session.flush()


def make_document(
    incubation: Incubation,
    kind: DocumentKind = DocumentKind.CHARTER,
    *,
    content: bytes = PDF,
    by: Person | None = None,
    **facts: Any,
) -> IncubationDocument:
    """A paper of an organisation, put in by staff unless said otherwise; the next version of its kind."""
    by = by or make_person()
    with transaction() as session:
        same = (IncubationDocument.incubation_id == incubation.id, IncubationDocument.kind == kind)
        latest = session.scalar(select(func.max(IncubationDocument.version)).where(*same)) or 0
        document = IncubationDocument(
            **{
                "incubation_id": incubation.id,
                "kind": kind,
                "version": latest + 1,
                "name": f"{kind.value}.pdf",
                "media_type": "application/pdf",
                "size": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
                "content": content,
                "by_id": by.id,
                "by_staff": True,
                "at": clock.now(),
                **facts,
            }
        )
        session.add(document)
    return document


def way_to(stage: IncubationStage) -> list[IncubationStage]:
    """The shortest way from a draft to a stage, by the moves that the database allows."""
    moves = db.session.execute(select(IncubationTransition.from_stage, IncubationTransition.to_stage)).all()
    ways: dict[IncubationStage, list[IncubationStage]] = {IncubationStage.DRAFT: []}
    open_ends = deque([IncubationStage.DRAFT])
    while open_ends:
        here = open_ends.popleft()
        for _came, goes in sorted(move for move in moves if move[0] is here):
            if goes not in ways:
                ways[goes] = [*ways[here], goes]
                open_ends.append(goes)
    return ways[stage]


def _somebody(session: Any) -> Person:
    """Somebody of the staff who has to do with no organisation."""
    person = Person(name="主任", sort_key="zhu ren", initials="zr", created_at=clock.now())
    session.add(person)
    session.flush()
    return person
