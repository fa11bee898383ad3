"""A plan of rehearsals rearranged by hand: one piece a step, and what that changes for whom. Pure."""

import enum
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.troupes.performances.rehearsing import Piece, Plan, Slot, laid

STEP = 5  # minutes by which a piece is rehearsed longer or shorter
LEAST, MOST = 5, 480
WRITTEN = re.compile(
    r"\d{1,9}:(\d{1,9}\.\d{1,3}(-\d{1,9}\.\d{1,3})*)?(_\d{1,9}:(\d{1,9}\.\d{1,3}(-\d{1,9}\.\d{1,3})*)?)*"
)
Held = dict[int, list[Piece]]
Call = tuple[int, int]


class Move(enum.StrEnum):
    """What is done with one piece of a plan."""

    DOWN = "down"
    EARLIER = "earlier"  # to the rehearsal before
    LATER = "later"  # to the rehearsal after
    LONGER = "longer"
    OUT = "out"  # rehearsed nowhere
    SHORTER = "shorter"
    UP = "up"
    INTO = "into"  # one that is rehearsed nowhere, into this rehearsal


@dataclass(frozen=True)
class Difference:
    """That somebody is called otherwise to a rehearsal, in minutes after its start; None: not called."""

    member_id: int
    session_id: int
    was: Call | None
    now: Call | None


def rearranged(plan: Plan, move: Move, piece_id: int, session_id: int) -> Plan:
    """The plan with one piece moved. Raises Conflict where it stands elsewhere by now, RuleBroken without time."""
    held: Held = {each.session_id: [slot.piece for slot in each.slots] for each in plan.rehearsals}
    left = {each.item_id: each for each in plan.left_out}
    if session_id not in held:
        raise Conflict(_l("The plan has changed meanwhile. Please look at it again."))
    if move is Move.INTO:
        if piece_id not in left:
            raise Conflict(_l("The plan has changed meanwhile. Please look at it again."))
        held[session_id].append(left.pop(piece_id))
    else:
        _move(held, left, move, piece_id, session_id)
    made = _as_plan(plan, held, left)
    _refuse_too_long(plan, made)
    return made


def differences(before: Plan, after: Plan) -> list[Difference]:
    """For whom a call is another one, by rehearsal in the order of the plan."""
    found = []
    for was, now in zip(before.rehearsals, after.rehearsals, strict=True):
        for member_id in sorted(was.called.keys() | now.called.keys()):
            calls = (was.called.get(member_id), now.called.get(member_id))
            if calls[0] != calls[1]:
                found.append(Difference(member_id, was.session_id, *calls))
    return found


def as_text(plan: Plan) -> str:
    """A plan in figures, as an address holds it."""
    rows = (
        f"{each.session_id}:{'-'.join(f'{slot.piece.item_id}.{slot.piece.minutes}' for slot in each.slots)}"
        for each in plan.rehearsals
    )
    return "_".join(rows)


def from_text(text: str, plan: Plan) -> Plan | None:
    """The plan of such figures, of the rehearsals and pieces that there are; None where it is none of these."""
    known = {slot.piece.item_id: slot.piece for each in plan.rehearsals for slot in each.slots}
    known |= {each.item_id: each for each in plan.left_out}
    held: Held = {each.session_id: [] for each in plan.rehearsals}
    if not WRITTEN.fullmatch(text):
        return None
    for row in text.split("_"):
        session_id, _colon, pieces = row.partition(":")
        for piece_id, _dot, minutes in (each.partition(".") for each in pieces.split("-") if each):
            piece = known.pop(int(piece_id), None)
            if piece is None or int(session_id) not in held or not LEAST <= int(minutes) <= MOST:
                return None
            held[int(session_id)].append(Piece(piece.item_id, int(minutes), piece.members))
    return _as_plan(plan, held, known)


def _move(held: Held, left: dict[int, Piece], move: Move, piece_id: int, session_id: int) -> None:
    pieces = held[session_id]
    at = next((n for n, each in enumerate(pieces) if each.item_id == piece_id), None)
    if at is None:
        raise Conflict(_l("The plan has changed meanwhile. Please look at it again."))
    piece = pieces.pop(at)
    sessions = list(held)
    beside = sessions.index(session_id) + (1 if move is Move.LATER else -1)
    if move in {Move.UP, Move.DOWN}:
        pieces.insert(max(0, at + (1 if move is Move.DOWN else -1)), piece)
    elif move in {Move.LONGER, Move.SHORTER}:
        minutes = piece.minutes + (STEP if move is Move.LONGER else -STEP)
        if minutes < LEAST:
            raise RuleBroken(_l("A piece is rehearsed for five minutes at least. Take it out instead."))
        pieces.insert(at, Piece(piece.item_id, minutes, piece.members))
    elif move is Move.OUT:
        left[piece.item_id] = piece
    elif 0 <= beside < len(sessions):
        held[sessions[beside]].insert(0 if move is Move.LATER else len(held[sessions[beside]]), piece)
    else:
        raise RuleBroken(_l("There is no further rehearsal on that side."))


def _as_plan(plan: Plan, held: Held, left: Mapping[int, Piece]) -> Plan:
    rehearsals = tuple(laid(held[each.session_id], each.session_id, each.minutes) for each in plan.rehearsals)
    return Plan(rehearsals, tuple(left.values()))


def _refuse_too_long(before: Plan, after: Plan) -> None:
    """A rehearsal does not grow beyond its time; one that was shortened since may stay too long until it is mended."""
    for was, now in zip(before.rehearsals, after.rehearsals, strict=True):
        if now.minutes < _length(now.slots) > _length(was.slots):
            raise RuleBroken(_l("This rehearsal is not long enough for that. Make another piece shorter first."))


def _length(slots: Collection[Slot]) -> int:
    return max((each.ends for each in slots), default=0)
