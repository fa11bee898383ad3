"""What a troupe is and which parts it has. Each function is called inside one `transaction()` and never commits."""

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import exists, select

from center.kernel.db import db, lock
from center.kernel.errors import Conflict, DomainError, RuleBroken, broken_rules
from center.kernel.i18n import lazy_gettext as _l
from center.organisations.models import Organisation
from center.people.names import sort_key
from center.troupes import queries
from center.troupes.models.pieces import PieceKnowledge, PiecePart
from center.troupes.models.troupes import MemberPart, PartKind, Troupe, TroupeKind, TroupePart

RESERVED = frozenset({"new"})  # addresses that pages of ours have


@dataclass(frozen=True, kw_only=True)
class TroupeFacts:
    """What is said of a troupe, checked for shape only."""

    name: str
    kind: TroupeKind
    name_en: str = ""
    about: str = ""
    about_en: str = ""
    joining: str = ""
    joining_en: str = ""
    is_open_to_join: bool = True


@dataclass(frozen=True, kw_only=True)
class PartFacts:
    """What is said of a part of a troupe."""

    kind: PartKind
    name: str
    name_en: str = ""
    position: int = 0


def create(organisation: Organisation, slug: str, facts: TroupeFacts, *, today: date) -> Troupe:
    """A new troupe of an organisation; raises Conflict where its address or its name is taken."""
    lock(organisation)
    faults: list[DomainError] = []
    if slug in RESERVED or db.session.scalar(select(Troupe.id).where(Troupe.slug == slug)) is not None:
        faults.append(Conflict(_l("There is a troupe at this address already."), field="slug"))
    broken_rules([*faults, *_name_faults(facts.name, but=None)])
    troupe = Troupe(
        organisation_id=organisation.id,
        slug=slug,
        sort_key=sort_key(facts.name),
        started_on=today,
        **asdict(facts),
    )
    db.session.add(troupe)
    db.session.flush()
    return troupe


def edit(troupe: Troupe, facts: TroupeFacts) -> None:
    """Say something else of a troupe; raises Conflict where another has the name."""
    lock(troupe)
    broken_rules(_name_faults(facts.name, but=troupe.id))
    for name, value in asdict(facts).items():
        setattr(troupe, name, value)
    troupe.sort_key = sort_key(facts.name)
    db.session.flush()


def add_part(troupe: Troupe, facts: PartFacts) -> TroupePart:
    """A part that is sung, played or danced in the troupe; raises Conflict where there is one of that name."""
    lock(troupe)
    _refuse_same_part(troupe.id, facts.name, but=None)
    part = TroupePart(troupe_id=troupe.id, **asdict(facts))
    db.session.add(part)
    db.session.flush()
    return part


def edit_part(part: TroupePart, facts: PartFacts) -> None:
    """Call a part otherwise, or put it elsewhere in the order."""
    lock(part.troupe)
    _refuse_same_part(part.troupe_id, facts.name, but=part.id)
    for name, value in asdict(facts).items():
        setattr(part, name, value)
    db.session.flush()


def remove_part(part: TroupePart) -> None:
    """Remove a part that nobody takes and no piece needs; raises RuleBroken for another."""
    lock(part.troupe)
    used = (each.part_id == part.id for each in (MemberPart, PiecePart, PieceKnowledge))
    if any(db.session.scalar(select(exists().where(condition))) for condition in used):
        raise RuleBroken(_l("Somebody takes this part, or a piece needs it. Give them another part first."))
    db.session.delete(part)
    db.session.flush()


def _name_faults(name: str, *, but: int | None) -> list[DomainError]:
    taken = select(Troupe.id).where(Troupe.name == name, Troupe.id.is_distinct_from(but))
    if db.session.scalar(taken) is None:
        return []
    return [Conflict(_l("There is a troupe of this name already."), field="name")]


def _refuse_same_part(troupe_id: int, name: str, *, but: int | None) -> None:
    if any(each.name == name and each.id != but for each in queries.parts_of(troupe_id)):
        raise Conflict(_l("There is a part of this name already."), field="name")
