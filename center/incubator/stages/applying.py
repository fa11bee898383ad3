"""What applicants do: write an application, mend it, send it in, take it back, ask for another look. Never commits."""

import re
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import count

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from center.incubator.models.incubations import (
    ENDED,
    Incubation,
    IncubationApplication,
    IncubationDecision,
    IncubationForm,
    IncubationStage,
)
from center.incubator.stages import papers
from center.incubator.stages.deciding import Ruling, decide
from center.incubator.stages.words import DOCUMENT_NAMES
from center.kernel.db import db, is_violation, lock, part_of_transaction
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.organisations import actions as organisations
from center.organisations.actions import OrganisationFacts
from center.organisations.models import Organisation, OrganisationKind, Stage
from center.people.models import Person
from center.people.names import sort_key

OPEN = (IncubationStage.DRAFT, IncubationStage.RETURNED)
LEAST_FOUNDERS, LEAST_MEMBERS = 2, 10
UNDER_WAY = _l("This organisation has an application under way, or is in the incubator already.")


@dataclass(frozen=True, kw_only=True)
class ApplicationFacts:
    """What an organisation says of itself."""

    purpose: str
    serves: str = ""
    plan: str = ""
    money: str = ""
    premises: str = ""
    founders: int = 0
    members: int = 0
    seats: int = 0
    room_hours: int = 0


@dataclass(frozen=True, kw_only=True)
class NewOrganisation:
    """What a group that the centre does not know yet is called, and what it does."""

    name: str
    name_en: str
    kind: OrganisationKind
    about: str


def start(
    whose: Organisation | NewOrganisation,
    form: IncubationForm,
    facts: ApplicationFacts,
    *,
    by: Person,
    now: datetime,
) -> Incubation:
    """A draft of an application; raises Conflict where one is under way, RuleBroken over what is missing."""
    check(facts)
    organisation = whose if isinstance(whose, Organisation) else _make(whose, by=by)
    incubation = Incubation(
        organisation_id=organisation.id,
        number=f"{now.timestamp():.6f}"[-20:],  # until its own is known
        form=form,
        applicant_id=by.id,
        opened_at=now,
    )
    try:
        with part_of_transaction():
            db.session.add(incubation)
            db.session.flush()
    except IntegrityError as error:
        if is_violation(error, constraint="uq_incubations_live", columns="incubations.organisation_id"):
            raise Conflict(UNDER_WAY) from error
        raise
    incubation.number = f"{local_date(now).year}-{incubation.id:03d}"
    db.session.add(IncubationApplication(incubation_id=incubation.id, **asdict(facts)))
    db.session.flush()
    return incubation


def edit(incubation: Incubation, form: IncubationForm, facts: ApplicationFacts) -> None:
    """Say it otherwise; raises Conflict while it is under review."""
    check(facts)
    lock(incubation)
    if incubation.stage not in OPEN:
        raise Conflict(papers.CLOSED)
    application = db.session.get_one(IncubationApplication, incubation.id)
    for name, value in asdict(facts).items():
        setattr(application, name, value)
    incubation.form = form
    db.session.flush()


def check(facts: ApplicationFacts) -> None:
    """What every application has: a purpose, two founders, ten members."""
    if not facts.purpose:
        raise RuleBroken(_l("Please fill this in."), field="purpose")
    if facts.founders < LEAST_FOUNDERS:
        raise RuleBroken(_l("At least two people found an organisation."), field="founders")
    if facts.members < LEAST_MEMBERS:
        raise RuleBroken(_l("An organisation has at least ten members."), field="members")


def submit(incubation: Incubation, *, step: int, by: Person, now: datetime) -> IncubationDecision:
    """Send it in, the first time or completed; raises RuleBroken, which names the papers that are missing."""
    if gaps := papers.missing(incubation):
        names = [str(DOCUMENT_NAMES[kind]) for kind in gaps]
        raise RuleBroken(_l("These papers are missing: %(papers)s.", papers=_(", ").join(names)))
    return decide(incubation, Ruling(to_stage=IncubationStage.SUBMITTED, step=step), by=by, now=now)


def take_back(incubation: Incubation, *, step: int, reason: str, by: Person, now: datetime) -> IncubationDecision:
    """Give the application up; allowed until the agreement is signed."""
    ruling = Ruling(to_stage=IncubationStage.WITHDRAWN, step=step, reason=reason)
    return decide(incubation, ruling, by=by, now=now)


def ask_again(incubation: Incubation, *, step: int, reason: str, by: Person, now: datetime) -> IncubationDecision:
    """Ask for another look at a refusal, with what speaks against it."""
    ruling = Ruling(to_stage=IncubationStage.RECONSIDERED, step=step, reason=reason)
    return decide(incubation, ruling, by=by, now=now)


def is_over(incubation: Incubation) -> bool:
    """Whether another application may follow."""
    return incubation.stage in ENDED


def _make(new: NewOrganisation, *, by: Person) -> Organisation:
    facts = OrganisationFacts(name=new.name, name_en=new.name_en, kind=new.kind, about=new.about, stage=Stage.APPLIED)
    return organisations.create(_free_slug(new.name), facts, by=by, is_listed=False)


def _free_slug(name: str) -> str:
    """An address made of the name as it is said, that no organisation has yet."""
    syllables = "-".join(re.findall(r"[a-z0-9]+", sort_key(name)))[:30].strip("-") or "organisation"
    taken = set(db.session.scalars(select(Organisation.slug).where(Organisation.slug.startswith(syllables))))
    return next(slug for n in count(1) if (slug := syllables if n == 1 else f"{syllables}-{n}") not in taken)
