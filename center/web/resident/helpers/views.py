"""Helpers: whom I let act for me, what they did, whom I may act for myself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.db import transaction
from center.kernel.i18n import centre_zone
from center.kernel.i18n import gettext as _
from center.people import acting, helpers
from center.people.claims import in_groups
from center.people.delegation_words import OWN_CONSENTS, OWN_SCOPES
from center.people.models import Consent, Delegation, DelegationScope
from center.signups import history
from center.signups.models.history import SignUpChange, SignUpEvent
from center.signups.words import CHANGE_NAMES
from center.web.blueprints import signups as blueprint
from center.web.rendering import render
from center.web.resident.helpers.steps import HelperForm, HelperSteps, helper_form, own_people
from center.web.sending import go_on


@dataclass(frozen=True, kw_only=True)
class HelpersPage:
    """Who may act for somebody, for whom they act, and what was done."""

    form: HelperForm
    code: str
    given: Sequence[Delegation]
    received: Sequence[Delegation]
    done: Sequence[SignUpEvent]
    changes: Mapping[SignUpChange, Any]
    scopes: Mapping[DelegationScope, Any]
    consents: Mapping[Consent, Any]


@blueprint.get("/me/helpers", endpoint="helpers")
@signed_in
def own_helpers() -> ResponseReturnValue:
    """Whom I let act for me, and what they did. To let somebody: type their code, see the name, say until when."""
    return _page()


@blueprint.route("/me/helpers/new/<step>", methods=["GET", "POST"])
@signed_in
def helper_step(step: str) -> ResponseReturnValue:
    """Let somebody act for me: their code, then whose it is, and until when."""
    authorise(current_user.is_confirmed)
    return HelperSteps().answer(step)


@blueprint.post("/me/helpers/code")
@signed_in
def helper_code() -> ResponseReturnValue:
    """A code to tell to somebody who wants me as a helper. It is shown this once."""
    authorise(current_user.is_confirmed)
    with transaction():
        code = helpers.make_code(current_user.person, now=clock.now())
    return _page(code=in_groups(code))


@blueprint.post("/me/helpers/<id:delegation_id>/revoke")
@signed_in
def revoke_helper(delegation_id: int) -> ResponseReturnValue:
    """Take a permission back that I gave, or that the desk wrote down for me."""
    delegation = acting.get_delegation(delegation_id)
    authorise(delegation.person_id in {each.id for each in own_people()})
    with transaction():
        acting.revoke(delegation, by=current_user.person, now=clock.now())
    return go_on(_("The permission is taken back."), url_for("signups.helpers"))


@blueprint.post("/me/helpers/<id:delegation_id>/stop")
@signed_in
def stop_helping(delegation_id: int) -> ResponseReturnValue:
    """I do not want to act for somebody any more."""
    delegation = acting.get_delegation(delegation_id)
    authorise(delegation.delegate_id == current_user.person_id)
    with transaction():
        acting.revoke(delegation, by=current_user.person, now=clock.now())
    return go_on(_("You no longer act for them."), url_for("signups.helpers"))


def _page(code: str = "") -> str:
    person, today = current_user.person, clock.today(centre_zone())
    return render(
        "resident/signups/helpers.html",
        HelpersPage(
            form=helper_form(),
            code=code,
            given=[given for each in own_people() for given in acting.delegations_of(each, on=today)],
            received=acting.delegations_to(person, on=today),
            done=history.done_by_helpers(person),
            changes=CHANGE_NAMES,
            scopes=OWN_SCOPES,
            consents=OWN_CONSENTS,
        ),
    )
