"""The page of a lottery: before the draw how it is done, after it the result and how to repeat it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.activities.models import Activity
from center.kernel import clock
from center.kernel.access import authorise, public
from center.kernel.i18n import local_date
from center.people.acting import people_acted_for
from center.signups import queries
from center.signups.lottery import rules
from center.signups.lottery.queries import is_repeatable, whole_draw
from center.signups.models import Roster, SignUpState
from center.signups.models.lottery import Draw
from center.signups.queries import Counts, count_on
from center.web.blueprints import activities
from center.web.rendering import render
from center.web.sign_ups.pages import visible


@dataclass(frozen=True, kw_only=True)
class DrawPage:
    """A draw that everybody can repeat."""

    activity: Activity
    roster: Roster
    draw: Draw
    sum: str
    left: Counts
    entries: int
    numbers: Mapping[int, int]
    lots: Mapping[str, str]
    own: Collection[str]
    is_same: bool


@activities.get("/activities/<slug>/draw/<id:roster_id>")
@public
def draw(slug: str, roster_id: int) -> ResponseReturnValue:
    """Numbers of sign-ups only, in the order drawn, with the seed; nobody's name."""
    activity, roster = visible(slug), queries.get_roster(roster_id)
    made = whole_draw(roster)
    authorise(roster.activity_id == activity.id and made is not None)
    assert made is not None
    return render(
        "public/signups/draw.html",
        DrawPage(
            activity=activity,
            roster=roster,
            draw=made,
            sum=rules.sum_of(made.seed),
            left=queries.counts_of([roster.id])[roster.id],
            entries=count_on([roster.id], SignUpState.REQUESTED).get(roster.id, 0),
            numbers=_numbers(made),
            lots={lot.unit: rules.lot_of(made.seed, lot.unit) for lot in made.lots},
            own=_own(made),
            is_same=made.is_drawn and is_repeatable(made),
        ),
    )


def _numbers(made: Draw) -> dict[int, int]:
    """Which place in the queue the draw gave to each lot without a place, by its rank."""
    without = (lot.rank for lot in made.lots if lot.pool_id is None)
    return {rank: number for number, rank in enumerate(without, start=1)}


def _own(made: Draw) -> set[str]:
    """The numbers of whoever is signed in, and of those they act for."""
    if not made.is_drawn or not current_user.is_authenticated:
        return set()
    acted_for = {each.person.id for each in people_acted_for(current_user.person, on=local_date(clock.now()))}
    return queries.references_of(made.roster, acted_for)
