"""Partners of the centre, for everybody: who they are, what they offer, and how often they served."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask.typing import ResponseReturnValue

from center.incubator.models.partners import Partner, PartnerKind
from center.incubator.partners import queries
from center.incubator.partners.queries import Record
from center.incubator.partners.rules import Period
from center.incubator.partners.words import KIND_NAMES, period_name
from center.kernel import clock
from center.kernel.access import public
from center.kernel.i18n import local_date
from center.web.blueprints import organisations as blueprint
from center.web.rendering import render


@dataclass(frozen=True, kw_only=True)
class PublicPartners:
    """Partners by kind, with their days of this year; nobody's name."""

    kinds: Sequence[tuple[Any, Sequence[Partner]]]
    records: Mapping[int, Record]
    period: str


@blueprint.get("/partners")
@public
def partners() -> ResponseReturnValue:
    """Member units and teams of departments."""
    period, found = Period(local_date(clock.now()).year), queries.partners()
    kinds = [
        (KIND_NAMES[kind], [each for each in found if each.kind is kind])
        for kind in (PartnerKind.UNIT, PartnerKind.TEAM)
    ]
    page = PublicPartners(kinds=kinds, records=queries.records(period), period=period_name(period))
    return render("public/partners/list.html", page)
