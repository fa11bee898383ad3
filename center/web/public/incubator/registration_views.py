"""The register of organisations, for everybody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask.typing import ResponseReturnValue

from center.incubator.registration import queries
from center.incubator.registration.queries import Entry
from center.incubator.registration.words import STANDING_NAMES, STANDING_TONES
from center.kernel import clock
from center.kernel.access import public
from center.kernel.i18n import local_date
from center.web.blueprints import organisations as blueprint
from center.web.rendering import render


@dataclass(frozen=True, kw_only=True)
class PublicRegister:
    """Which organisations are in the register, and until when."""

    entries: Sequence[Entry]
    names: Mapping[Any, Any]
    tones: Mapping[Any, str]


@blueprint.get("/incubator/registrations")
@public
def register() -> ResponseReturnValue:
    """Which organisations are filed with the subdistrict, under which number and until when."""
    found = sorted(queries.register(local_date(clock.now())), key=lambda each: each.registration.organisation.sort_key)
    page = PublicRegister(entries=found, names=STANDING_NAMES, tones=STANDING_TONES)
    return render("public/incubator/register.html", page)
