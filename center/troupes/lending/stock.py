"""What there is of costumes and props, and how it changes. Called inside a `transaction()`; never commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from center.kernel.db import db, is_violation, lock
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person
from center.troupes.lending import promises
from center.troupes.lending.rules import MOST_PIECES
from center.troupes.models.lending import StockChange, Thing, ThingEvent, ThingKind, ThingUnit, UnitState
from center.troupes.models.troupes import Troupe

NAME_ONCE, NAME_COLUMNS = "uq_things_troupe_id_name", "things.troupe_id, things.name"


@dataclass(frozen=True, kw_only=True)
class ThingFacts:
    """What a thing is called and where it is kept."""

    kind: ThingKind
    name: str
    name_en: str = ""
    kept_at: str = ""


def add_thing(
    troupe: Troupe, facts: ThingFacts, *, labels: Sequence[str] = (), quantity: int = 0, by: Person, now: datetime
) -> Thing:
    """Enter a thing: numbered pieces with these labels, or so many of one kind. Raises RuleBroken, Conflict."""
    if bool(labels) == bool(quantity):
        raise RuleBroken(
            _l("Please say how many there are, or the numbers that stand on the pieces."), field="quantity"
        )
    thing = Thing(troupe_id=troupe.id, is_numbered=bool(labels), **vars(facts))
    db.session.add(thing)
    _write_name()
    _add(thing, labels, quantity, by=by, now=now)
    return thing


def edit_thing(thing: Thing, facts: ThingFacts, *, is_retired: bool) -> None:
    """Call it otherwise, say where it is kept, or lend it no more. Raises Conflict."""
    lock(thing)
    for name, value in vars(facts).items():
        setattr(thing, name, value)
    thing.is_retired = is_retired
    _write_name()


def add_pieces(thing: Thing, *, labels: Sequence[str] = (), quantity: int = 0, by: Person, now: datetime) -> None:
    """More of a thing that is there. Raises RuleBroken."""
    lock(thing)
    if thing.is_numbered != bool(labels) or thing.is_numbered == bool(quantity):
        raise RuleBroken(
            _l("Please say how many there are, or the numbers that stand on the pieces."), field="quantity"
        )
    _add(thing, labels, quantity, by=by, now=now)


def mend(thing: Thing, *, unit: ThingUnit | None = None, count: int = 1, by: Person, now: datetime) -> None:
    """Damaged pieces are repaired, or lost ones found: they can be lent again. Raises RuleBroken."""
    lock(thing)
    if unit is not None:
        db.session.refresh(unit)
        if unit.state not in (UnitState.DAMAGED, UnitState.LOST):
            raise RuleBroken(_l("This piece is neither damaged nor lost."))
        what = StockChange.REPAIRED if unit.state is UnitState.DAMAGED else StockChange.FOUND
        unit.state, unit.note = UnitState.FIT, ""
        return note(thing, what, 1, unit=unit, by=by, now=now)
    if not 0 < count <= thing.damaged:
        raise RuleBroken(_l("So many are not damaged."), field="count")
    thing.damaged -= count
    thing.quantity += count
    return note(thing, StockChange.REPAIRED, count, by=by, now=now)


def find_again(thing: Thing, *, count: int, by: Person, now: datetime) -> None:
    """Lost pieces of a kind are found. Raises RuleBroken."""
    lock(thing)
    if not 0 < count <= thing.lost:
        raise RuleBroken(_l("So many are not lost."), field="count")
    thing.lost -= count
    thing.quantity += count
    note(thing, StockChange.FOUND, count, by=by, now=now)


def take_out(
    thing: Thing, *, unit: ThingUnit | None = None, count: int = 1, why: str, by: Person, now: datetime
) -> None:
    """Pieces are there no more. Those that are promised or out cannot go. Raises RuleBroken, Conflict."""
    lock(thing)
    if unit is None and not 0 < count <= thing.quantity:
        raise RuleBroken(_l("There are not so many."), field="count")
    if unit is None:
        thing.quantity -= count
    else:
        unit.state, unit.note = UnitState.RETIRED, why
    _write_promised()
    note(thing, StockChange.REMOVED, count, unit=unit, words=why, by=by, now=now)


def came_back_bad(
    thing: Thing, *, unit: ThingUnit | None, damaged: int, lost: int, words: str, by: Person, now: datetime
) -> list[int]:
    """Pieces came back damaged or not at all: what cannot be kept with the rest is called off. The ids of its lines."""
    lock(thing)
    broken: list[int] = []
    if unit is not None:
        broken = promises.call_off_unit(unit)
        unit.state = UnitState.LOST if lost else UnitState.DAMAGED
        unit.note = words
    elif damaged or lost:
        broken = promises.call_off_beyond(thing, thing.quantity - damaged - lost)
        thing.quantity -= damaged + lost
        thing.damaged += damaged
        thing.lost += lost
    _write_promised()
    for what, count in ((StockChange.DAMAGED, damaged), (StockChange.LOST, lost)):
        if count:
            note(thing, what, count, unit=unit, words=words, by=by, now=now)
    return broken


def undo_bad(thing: Thing, *, unit: ThingUnit | None, damaged: int, lost: int, by: Person, now: datetime) -> None:
    """Pieces that were written down as damaged or lost are as they were: that they came back so was a slip."""
    lock(thing)
    if unit is not None:
        db.session.refresh(unit)
        if unit.state is UnitState.RETIRED:
            raise Conflict(_l("It was taken off the list meanwhile."))
        unit.state, unit.note = UnitState.FIT, ""
    elif damaged > thing.damaged or lost > thing.lost:
        raise Conflict(_l("Some of it was repaired or found meanwhile."))
    else:
        thing.damaged -= damaged
        thing.lost -= lost
        thing.quantity += damaged + lost
    db.session.flush()
    for what, count in ((StockChange.REPAIRED, damaged), (StockChange.FOUND, lost)):
        if count:
            note(thing, what, count, unit=unit, words=_("Undone as a slip"), by=by, now=now)


def note(
    thing: Thing,
    what: StockChange,
    count: int,
    *,
    unit: ThingUnit | None = None,
    words: str = "",
    by: Person,
    now: datetime,
) -> None:
    """Write down what became of pieces."""
    known = {"thing_id": thing.id, "unit_id": unit.id if unit else None, "what": what, "count": count, "note": words}
    db.session.add(ThingEvent(by_id=by.id, at=now, **known))
    db.session.flush()


def _add(thing: Thing, labels: Sequence[str], quantity: int, *, by: Person, now: datetime) -> None:
    known = {unit.label for unit in thing.units}
    if twice := [label for n, label in enumerate(labels) if label in known or label in labels[:n]]:
        raise Conflict(_l("The number %(label)s is there already.", label=twice[0]), field="labels")
    if len(known) + len(labels) > MOST_PIECES or thing.quantity + quantity > MOST_PIECES:
        raise RuleBroken(_l("At most %(most)s pieces of one thing, please.", most=MOST_PIECES), field="quantity")
    for label in labels:
        thing.units.append(ThingUnit(label=label, position=len(thing.units)))
    thing.quantity = (thing.quantity or 0) + quantity
    note(thing, StockChange.ADDED, len(labels) or quantity, by=by, now=now)


def _write_name() -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        if is_violation(error, constraint=NAME_ONCE, columns=NAME_COLUMNS):
            raise Conflict(_l("There is a thing of this name already."), field="name") from error
        raise


def _write_promised() -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        if any(is_violation(error, constraint=each) for each in ("things_promised", "thing_units_promised")):
            raise Conflict(_l("It is promised or out. Take the loan back first.")) from error
        raise
