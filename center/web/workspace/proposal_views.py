"""What waits of a public activity is taken back."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.activities.change_requests import actions as proposing
from center.activities.change_requests.queries import get_proposal
from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.db import transaction
from center.kernel.i18n import gettext as _
from center.web.activities.pages import edited
from center.web.blueprints import posting as blueprint
from center.web.sending import go_on


@blueprint.post("/workspace/activities/<slug>/changes/<id:proposal_id>/take-back")
@signed_in
def take_back_change(slug: str, proposal_id: int) -> ResponseReturnValue:
    """It is not wanted any more."""
    activity, proposal = edited(slug), get_proposal(proposal_id)
    authorise(proposal.activity_id == activity.id)
    with transaction():
        proposing.take_back(proposal, by=current_user.person, now=clock.now())
    return go_on(_("It is taken back. The page stays as it is."), url_for("posting.manage", slug=slug))
