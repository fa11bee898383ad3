"""Allocations for everybody: what counts, the seed, the result, why, and how to check it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from center.allocation.matching.points import sum_of
from center.allocation.models import AllocationRound, RoundState, WeeklyTime
from center.allocation.publishing.checking import figures as figures_of
from center.allocation.publishing.explaining import Result, result_of
from center.allocation.rounds import queries
from center.allocation.words import BECAUSE, CRITERIA, STATES
from center.kernel import clock
from center.kernel.access import authorise, public
from center.web.blueprints import allocation as blueprint
from center.web.rendering import render


@dataclass(frozen=True, kw_only=True)
class TermPage:
    """A round as everybody reads it."""

    found: AllocationRound
    times: Sequence[WeeklyTime]
    result: Result | None  # only once it is published
    is_open: bool
    fingerprint: str
    state: tuple[Any, str]
    criteria: Mapping[Any, Any] = field(default_factory=lambda: CRITERIA)
    because: Mapping[Any, Any] = field(default_factory=lambda: BECAUSE)


@blueprint.get("/allocation")
@public
def index() -> ResponseReturnValue:
    """Every round that is or was open."""
    return render_template("public/allocation/index.html", rounds=queries.shown_rounds(), states=STATES)


@blueprint.get("/allocation/<term>")
@public
def term(term: str) -> ResponseReturnValue:
    """One round: before the result what is offered and what counts, afterwards who got what and why."""
    found = _shown(term)
    return render(
        "public/allocation/term.html",
        TermPage(
            found=found,
            times=queries.times_of(found),
            result=result_of(found) if found.state is RoundState.PUBLISHED else None,
            is_open=found.takes_wishes(clock.now()),
            fingerprint=sum_of(found.seed),
            state=STATES[found.state],
        ),
    )


@blueprint.get("/allocation/<term>/figures.json")
@public
def figures(term: str) -> ResponseReturnValue:
    """A published result as figures, for whoever works it out anew."""
    found = _shown(term)
    authorise(found.state is RoundState.PUBLISHED)
    text = json.dumps(figures_of(result_of(found)), ensure_ascii=False, indent=1)
    answer = Response(text, mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{found.slug}.json"'
    return answer


def _shown(term: str) -> AllocationRound:
    found = queries.get_round(term)
    authorise(found.state in queries.SHOWN)
    return found
