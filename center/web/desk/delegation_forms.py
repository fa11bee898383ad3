"""The form with which the desk writes down that a person lets somebody act for them: shape only."""

from wtforms import DateField, RadioField
from wtforms.validators import InputRequired

from center.kernel.i18n import lazy_gettext as _l
from center.people.delegation_words import CONSENTS
from center.people.models import Consent
from center.web.forms import CreatingForm, text_field


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
