"""A published result as figures, for whoever works it out anew: organisations and numbers, nobody's name."""

from collections.abc import Sequence
from typing import Any

from center.allocation.matching.points import sum_of
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
