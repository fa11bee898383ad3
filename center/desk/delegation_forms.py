"""The form with which the desk writes down that a person lets somebody act for them: shape only."""

from wtforms import DateField, RadioField
from wtforms.validators import InputRequired

from center.forms import BaseForm, text_field
from center.i18n import lazy_gettext as _l
from center.people.models import Consent, DelegationScope

SCOPES = {
    DelegationScope.EVERYTHING: _l("May do everything for them"),
    DelegationScope.SIGN_UPS: _l("May sign them up for activities, cancel, and answer offers"),
}
CONSENTS = {
    Consent.AT_THE_DESK: _l("They said so at the desk"),
    Consent.AT_THEIR_DOOR: _l("They said so at their door"),
    Consent.BY_PHONE: _l("They said so on the phone"),
    Consent.IN_WRITING: _l("They gave it in writing"),
    Consent.OWN_ACCOUNT: _l("They did it themselves in their account"),
}


class DelegationForm(BaseForm):
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
