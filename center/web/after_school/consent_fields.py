"""The field of one consent, on whichever form it is asked."""

from wtforms import RadioField
from wtforms.validators import InputRequired

from center.afterschool.models.consents import Purpose
from center.afterschool.words import PURPOSES
from center.kernel.i18n import lazy_gettext as _l

YES, NO = "yes", "no"
ANSWER = [(YES, _l("I agree")), (NO, _l("I do not agree"))]


def consent_field(purpose: Purpose) -> RadioField:
    """One consent, which is neither given nor refused before somebody says so."""
    return RadioField(PURPOSES[purpose], choices=ANSWER, validators=[InputRequired(_l("Please choose one of these."))])
