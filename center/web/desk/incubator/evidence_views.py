"""Packs of evidence of all organisations, for staff of the incubator."""

from flask import render_template
from flask.typing import ResponseReturnValue

from center.incubator.evidence import packs
from center.incubator.evidence.words import STATES
from center.kernel.access import Permission, requires
from center.organisations.queries import all_organisations
from center.web.blueprints import evidence as blueprint


@blueprint.get("/desk/incubator/evidence")
@requires(Permission.RUN_INCUBATOR)
def all_packs() -> ResponseReturnValue:
    """The latest packs, and every organisation's evidence."""
    return render_template(
        "desk/incubator/evidence.html", packs=packs.latest(), states=STATES, organisations=all_organisations()
    )
