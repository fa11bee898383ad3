"""A published result as figures, for whoever works it out anew: organisations and numbers, nobody's name."""

from collections.abc import Mapping, Sequence
from typing import Any

from center.allocation.matching.acceptance import Bid, match
from center.allocation.matching.points import lot_of, sum_of
from center.allocation.models import TermWish
from center.allocation.publishing.explaining import Result
from center.allocation.words import say_time
from center.kernel.i18n import gettext as _
from center.kernel.i18n import in_language


def figures(result: Result) -> dict[str, Any]:
    """Everything that the result rests on, and the result."""
    found = result.found
    return {
        "round": found.slug,
        "seed": found.seed,
        "fingerprint": sum_of(found.seed),
        "weights": {each.value: weight for each, weight in sorted(found.weights.items())},
        "times": [
            {
                "time": each.id,
                "room": each.room.code,
                "weekday": each.weekday + 1,
                "starts": f"{each.starts:%H:%M}",
                "minutes": each.minutes,
            }
            for each in result.times.values()
        ],
        "wishes": [_of_wish(result, wish) for wish in result.wishes.values()],
        "result": dict(sorted(result.given.items())),
        "adjustments": [
            {
                "wish": result.reference_of[each.wish_id],
                "from": each.from_time_id,
                "to": each.to_time_id,
                "reason": each.reason,
            }
            for each in result.adjustments
        ],
    }


def _of_wish(result: Result, wish: TermWish) -> dict[str, Any]:
    return {
        "wish": wish.reference,
        "organisation": wish.organisation.name,
        "order": wish.position,
        "lot": result.bids[wish.reference].lot,
        "choices": [
            {"time": each.time_id, "points": each.points, "shares": each.by_criterion} for each in wish.choices
        ],
    }


def complaints_about(figures: Mapping[str, Any]) -> list[str]:
    """What of published figures does not follow from their criteria and seed, worked out anew; nothing where all does.

    Pure, from the figures alone: neither the points nor the lots that stand in them are taken at their word.
    """
    seed, weights = str(figures["seed"]), figures["weights"]
    wrong = [] if sum_of(seed) == figures["fingerprint"] else ["the fingerprint is not that of the seed"]
    bids = []
    for wish in figures["wishes"]:
        points = {each["time"]: _points(each["shares"], weights) for each in wish["choices"]}
        for each in wish["choices"]:
            if points[each["time"]] != each["points"]:
                wrong.append(f"{wish['wish']} at {each['time']}: {each['points']} points, not {points[each['time']]}")
        if wish["lot"] != (lot := lot_of(seed, wish["wish"])):
            wrong.append(f"{wish['wish']}: the lot is not {lot}")
        bids.append(Bid(wish=wish["wish"], order=wish["order"], lot=lot, choices=tuple(points), points=points))
    given = match(bids)
    for change in figures["adjustments"]:
        given.pop(change["wish"], None)
        if change["to"] is not None:
            given[change["wish"]] = change["to"]
    said = dict(figures["result"])
    differ = sorted(each for each in {*given, *said} if given.get(each) != said.get(each))
    return wrong + [f"{each}: {said.get(each, 'nothing')}, not {given.get(each, 'nothing')}" for each in differ]


def _points(shares: Mapping[str, int], weights: Mapping[str, int]) -> int:
    return sum(shares[each] * weight for each, weight in weights.items())


def lines(result: Result) -> list[Sequence[object]]:
    """The result as a table to keep: a line for each wish, below its head."""
    head = (_("Number"), _("Organisation"), _("Wish"), _("What for"), _("People"), _("Room"), _("Time"), _("Reason"))
    found: list[Sequence[object]] = [head]
    for wish in result.wishes.values():
        award, change = result.award_of(wish), result.adjustment_of(wish)
        place = (award.time.room.full_name, say_time(award.time)) if award else ("", "")
        name = in_language(wish.organisation.name, wish.organisation.name_en)
        reason = change.reason if change else ""
        found.append((wish.reference, name, wish.position, wish.purpose, wish.people, *place, reason))
    return found
