"""Pages on which the rehearsals of a term are planned in one form."""

from flask.typing import ResponseReturnValue

from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.i18n import local_date
from center.troupes.rehearsals.queries import get_season
from center.web.blueprints import troupes as blueprint
from center.web.troupes.pages import led
from center.web.workspace.troupes.rehearsals.steps import TermSteps


@blueprint.get("/workspace/troupes/<slug>/seasons/<id:season_id>/rehearsals/plan")
@signed_in
def plan_rehearsals(slug: str, season_id: int) -> ResponseReturnValue:
    """Lead to the first question about the rehearsals of a term."""
    return _steps(slug, season_id).start()


@blueprint.route("/workspace/troupes/<slug>/seasons/<id:season_id>/rehearsals/plan/<step>", methods=["GET", "POST"])
@signed_in
def plan_rehearsals_step(slug: str, season_id: int, step: str) -> ResponseReturnValue:
    """One step of planning a term: where and when, then every date before any is taken."""
    return _steps(slug, season_id).answer(step)


def _steps(slug: str, season_id: int) -> TermSteps:
    season, now = get_season(led(slug), season_id), clock.now()
    authorise(season.ends_on >= local_date(now))
    return TermSteps(season, now=now)
