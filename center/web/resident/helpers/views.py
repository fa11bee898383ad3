"""Helpers: whom I let act for me, what they did, whom I may act for myself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.db import transaction
from center.kernel.i18n import centre_zone
from center.kernel.i18n import gettext as _
from center.people import acting, helpers, sign_ins
from center.people.claims import in_groups
from center.people.delegation_words import OWN_CONSENTS, OWN_SCOPES
from center.people.models import Consent, Delegation, DelegationScope, Person
from center.people.records import get_person
from center.signups import history
from center.signups.models.history import SignUpChange, SignUpEvent
from center.signups.words import CHANGE_NAMES
from center.web.blueprints import signups as blueprint
from center.web.rendering import render
from center.web.resident.helpers.forms import HelperForm
from center.web.sending import go_on, result_of

HALF_A_YEAR = timedelta(days=182)


@dataclass(frozen=True, kw_only=True)
class HelpersPage:
    """Who may act for somebody, for whom they act, and what was done."""

    form: HelperForm
    helper: Person | None
    code: str
    given: Sequence[Delegation]
    for_whom: str
    received: Sequence[Delegation]
    done: Sequence[SignUpEvent]
    changes: Mapping[SignUpChange, Any]
    scopes: Mapping[DelegationScope, Any]
    consents: Mapping[Consent, Any]


@blueprint.route("/me/helpers", methods=["GET", "POST"], endpoint="helpers")
@signed_in
def own_helpers() -> ResponseReturnValue:
    """Whom I let act for me. To let somebody: type their code, see the name, say until when."""
    now, today = clock.now(), clock.today(centre_zone())
    form = _form()

    def find() -> Person:
        authorise(current_user.is_confirmed)
        with sign_ins.counted("helper code", source=f"account:{current_user.account_id}", now=now):
            return helpers.get_helper(form.code.data, now=now)

    def give() -> str:
        dates = {"ends_on": form.ends_on.data, "today": today, "now": now}
        whom = get_person(form.person.data)
        return helpers.give(whom, code=form.code.data, by=current_user.person, **dates).delegate.name

    helper, then = result_of(form, find, transacts=False), url_for("signups.helpers")
    if helper and request.form.get("stage") == "give" and (name := result_of(form, give, then=then)):
        return go_on(_("%(name)s may now act. You can take it back at any time.", name=name), then)
    return _page(form, helper)


@blueprint.post("/me/helpers/code")
@signed_in
def helper_code() -> ResponseReturnValue:
    """A code to tell to somebody who wants me as a helper. It is shown this once."""
    authorise(current_user.is_confirmed)
    with transaction():
        code = helpers.make_code(current_user.person, now=clock.now())
    return _page(_form(formdata=None), None, code=in_groups(code))


@blueprint.post("/me/helpers/<id:delegation_id>/revoke")
@signed_in
def revoke_helper(delegation_id: int) -> ResponseReturnValue:
    """Take a permission back that I gave, or that the desk wrote down for me."""
    delegation = acting.get_delegation(delegation_id)
    authorise(delegation.person_id in {each.id for each in _own_people()})
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


def _form(**given: Any) -> HelperForm:
    form = HelperForm(data={"ends_on": clock.today(centre_zone()) + HALF_A_YEAR}, **given)
    form.offer(current_user.person, _own_people()[1:])
    return form


def _own_people() -> list[Person]:
    """Oneself, and the children one answers for."""
    me = current_user.person
    return [me, *acting.children_of(me, on=clock.today(centre_zone()))]


def _page(form: HelperForm, helper: Person | None, *, code: str = "") -> ResponseReturnValue:
    person, today = current_user.person, clock.today(centre_zone())
    page = render(
        "resident/signups/helpers.html",
        HelpersPage(
            form=form,
            helper=helper,
            code=code,
            given=[given for each in _own_people() for given in acting.delegations_of(each, on=today)],
            for_whom=dict(form.person.choices).get(form.person.data, ""),
            received=helpers.given_to(person, on=today),
            done=history.done_by_helpers(person),
            changes=CHANGE_NAMES,
            scopes=OWN_SCOPES,
            consents=OWN_CONSENTS,
        ),
    )
    return page, form.status
