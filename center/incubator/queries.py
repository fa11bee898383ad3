"""Reading applications: one, those of a person, the list of the desk by stage."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from center.incubator.models.incubations import (
    ENDED,
    DecisionPaper,
    Incubation,
    IncubationApplication,
    IncubationDecision,
    IncubationDocument,
    IncubationStage,
)
from center.incubator.stages.clock import due_after
from center.incubator.stages.deadlines import SOON
from center.kernel.access import Permission
from center.kernel.db import db, must_find
from center.kernel.i18n import lazy_gettext as _l
from center.organisations.queries import ids_led_by
from center.people.models import Person, RoleGrant
from center.people.rules import PERMISSIONS


def get_incubation(number: str) -> Incubation:
    """The application of this number, with its organisation; raises NotFound."""
    query = select(Incubation).where(Incubation.number == number).options(joinedload(Incubation.organisation))
    return must_find(db.session.scalar(query), _l("There is no application of this number."))


def application_of(incubation: Incubation) -> IncubationApplication:
    """What the organisation says of itself."""
    return db.session.get(IncubationApplication, incubation.id) or IncubationApplication(incubation_id=incubation.id)


def own_incubations(person_id: int, *, on: date) -> Sequence[Incubation]:
    """Those that somebody applied for, or whose organisation they lead; the latest first."""
    mine = or_(Incubation.applicant_id == person_id, Incubation.organisation_id.in_(ids_led_by(person_id, on=on)))
    query = select(Incubation).where(mine).options(joinedload(Incubation.organisation))
    return db.session.scalars(query.order_by(Incubation.id.desc())).all()


def listed(stage: IncubationStage | None = None, *, is_over: bool = False) -> Sequence[Incubation]:
    """The desk's list: what is due first on top; `is_over` those that have ended."""
    over = Incubation.stage.in_(ENDED)
    query = select(Incubation).where(over if is_over else ~over, Incubation.stage != IncubationStage.DRAFT)
    if stage is not None:
        query = query.where(Incubation.stage == stage)
    query = query.options(joinedload(Incubation.organisation), joinedload(Incubation.owner))
    return db.session.scalars(query.order_by(Incubation.due_on.is_(None), Incubation.due_on, Incubation.id)).all()


def count_due(today: date) -> tuple[int, int]:
    """How many are late or due within two working days: reviews (of panels and mid-term), and everything else."""
    reviewed = (IncubationStage.REVIEW, IncubationStage.MID_REVIEW)
    query = select(Incubation.stage, func.count().label("number")).where(
        Incubation.stage.not_in((*ENDED, IncubationStage.DRAFT, IncubationStage.RETURNED)),
        Incubation.due_on <= due_after(today, SOON),
    )
    counts = {each.stage: each.number for each in db.session.execute(query.group_by(Incubation.stage))}
    reviews = sum(number for stage, number in counts.items() if stage in reviewed)
    return reviews, sum(counts.values()) - reviews


def decisions_of(incubation: Incubation) -> Sequence[IncubationDecision]:
    """All decisions, the latest first, with the papers as they were and who decided."""
    query = (
        select(IncubationDecision)
        .where(IncubationDecision.incubation_id == incubation.id)
        .options(
            joinedload(IncubationDecision.by),
            selectinload(IncubationDecision.papers).joinedload(DecisionPaper.document),
        )
    )
    return db.session.scalars(query.order_by(IncubationDecision.step.desc())).all()


def replaced_since(decision: IncubationDecision, latest: Sequence[IncubationDocument]) -> list[IncubationDocument]:
    """The papers that are not what they were when it was decided: whose last version has another hash."""
    was = {paper.document.kind: paper.sha256 for paper in decision.papers}
    return [each for each in latest if each.kind in was and was[each.kind] != each.sha256]


def staff_of(*, on: date) -> Sequence[Person]:
    """Those of the staff who may have an organisation by name: directors and clerks of a day."""
    roles = sorted(role for role, may in PERMISSIONS.items() if Permission.RUN_INCUBATOR in may)
    query = (
        select(Person)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role.in_(roles), RoleGrant.starts_on <= on)
        .where(or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= on))
    )
    return db.session.scalars(query.distinct().order_by(Person.sort_key, Person.id)).all()
