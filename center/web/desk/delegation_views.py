"""Who may act for somebody: written down at the desk, with how they agreed to it, and taken back."""

from datetime import timedelta

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import DateField, RadioField
from wtforms.validators import InputRequired

from center.kernel import clock
from center.kernel.access import Permission, authorise, requires
from center.kernel.db import transaction
from center.kernel.i18n import centre_zone
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.people import acting
from center.people.delegation_words import CONSENTS, SCOPES
from center.people.models import Consent, DelegationScope
from center.web.blueprints import desk as blueprint
from center.web.desk import queries
from center.web.forms import CreatingForm, text_field
from center.web.people.searching import picked, search
from center.web.sending import form_page, go_on, is_done

HALF_A_YEAR = timedelta(days=182)


class DelegationForm(CreatingForm):
    """How the person agreed, and from when until when it counts. It is for sign-ups."""

    consent = RadioField(
        _l("How did they agree?"),
        choices=[(key.value, words) for key, words in CONSENTS.items() if key is not Consent.OWN_ACCOUNT],
        validators=[InputRequired(_l("Please choose one."))],
    )
    consent_note = text_field(_l("Note"), most=200, required=False, hint=_l("Such as who was there."))
    starts_on = DateField(_l("First day"), validators=[InputRequired(_l("Please choose a date."))])
    ends_on = DateField(
        _l("Last day"),
        description=_l("At most a year; it can be given again."),
        validators=[InputRequired(_l("Please choose a date."))],
    )


@blueprint.route("/desk/people/<id:person_id>/delegations", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE)
def delegations(person_id: int) -> ResponseReturnValue:
    """Whom a person lets act for them; write down one more."""
    person, today = queries.get_whole_person(person_id), clock.today(centre_zone())
    delegate = picked("delegate")
    form = DelegationForm(data={"starts_on": today, "ends_on": today + HALF_A_YEAR})
    then = url_for("desk.delegations", person_id=person_id)
    if delegate is not None and is_done(
        form,
        lambda: acting.grant(
            person,
            to=delegate,
            scope=DelegationScope.SIGN_UPS,
            starts_on=form.starts_on.data,
            ends_on=form.ends_on.data,
            consent=Consent(form.consent.data),
            consent_note=form.consent_note.data or "",
            by=current_user.person,
            now=clock.now(),
        ),
        then=then,
    ):
        return go_on(_("%(delegate)s may now act for %(name)s.", delegate=delegate.name, name=person.name), then)
    if form.refusal:
        person = queries.get_whole_person(person_id)
    return form_page(
        "desk/delegations.html",
        form,
        person=person,
        given=acting.delegations_of(person, on=today),
        delegate=picked("delegate") if form.refusal else delegate,
        search=search(besides=person),
        consents=CONSENTS,
        scopes=SCOPES,
    )


@blueprint.post("/desk/people/<id:person_id>/delegations/<id:delegation_id>/revoke")
@requires(Permission.EDIT_PEOPLE)
def revoke_delegation(person_id: int, delegation_id: int) -> ResponseReturnValue:
    """Take a permission back at once."""
    delegation = acting.get_delegation(delegation_id)
    authorise(delegation.person_id == person_id)
    with transaction():
        acting.revoke(delegation, by=current_user.person, now=clock.now())
    return go_on(_("The permission is taken back."), url_for("desk.delegations", person_id=person_id))
