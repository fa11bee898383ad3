"""What organisations in the house agreed and use, and those that have graduated, for everybody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask.typing import ResponseReturnValue

from center.incubator.agreements import queries, room_hours
from center.incubator.agreements.queries import Term
from center.incubator.agreements.words import CARD_PARTS, SEAT_KINDS
from center.incubator.models.agreements import CapabilityCard, CardMoment, Seat
from center.incubator.queries import decisions_of
from center.kernel import clock
from center.kernel.access import authorise, public
from center.kernel.i18n import local_date
from center.organisations.models import Organisation, Stage
from center.organisations.queries import get_organisation
from center.web.blueprints import incubation as blueprint
from center.web.rendering import render


@dataclass(frozen=True, kw_only=True)
class HouseForAll:
    """The terms that count today, what is let, and the hours of the month."""

    terms: Sequence[Term]
    used: Mapping[int, int]
    free: Sequence[Seat]
    month: date
    kinds: Mapping[Any, Any]


@dataclass(frozen=True, kw_only=True)
class GraduatePage:
    """An organisation that has graduated."""

    organisation: Organisation
    since: date | None
    until: date | None
    card: CapabilityCard | None
    parts: Mapping[str, Any]


@blueprint.get("/incubator/agreements")
@public
def agreements() -> ResponseReturnValue:
    """Who has which seats and lockers until when, and how many hours of rooms were agreed and used this month."""
    today = local_date(clock.now())
    terms, taken = queries.terms_on(today), queries.lettings_on(today)
    ids = [each.agreement.incubation.organisation_id for each in terms]
    page = HouseForAll(
        terms=terms,
        used=room_hours.minutes_used(ids, today),
        free=[each for each in queries.seats() if each.id not in taken],
        month=today,
        kinds=SEAT_KINDS,
    )
    return render("public/incubator/agreements.html", page)


@blueprint.get("/incubator/graduates/<slug>")
@public
def graduate(slug: str) -> ResponseReturnValue:
    """What an organisation that graduated can do, and how long it was here; no points."""
    organisation = get_organisation(slug)
    authorise(organisation.stage is Stage.GRADUATED)
    found = queries.incubation_of(organisation.id)
    terms = queries.agreements_of(found.id) if found else []
    decisions = decisions_of(found) if found else []
    page = GraduatePage(
        organisation=organisation,
        since=terms[-1].starts_on if terms else None,
        until=local_date(decisions[0].at) if decisions else None,
        card=queries.cards_of(found.id).get(CardMoment.EXIT) if found else None,
        parts=CARD_PARTS,
    )
    return render("public/incubator/graduate.html", page)
