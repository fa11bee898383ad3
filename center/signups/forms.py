"""Forms of sign-ups: shape only."""

import uuid

from wtforms import HiddenField
from wtforms.validators import Length

from center.forms import BaseForm, long_text_field, no_control_characters
from center.i18n import lazy_gettext as _l
from center.signups.actions import SignUpRequest, Wish


class SignUpForm(BaseForm):
    """Sign up for oneself."""

    request_key = HiddenField(validators=[Length(max=36), no_control_characters], default=lambda: str(uuid.uuid4()))

    def as_request(self, person_id: int) -> SignUpRequest:
        """The request as the action takes it."""
        key = self.request_key.data or str(uuid.uuid4())
        return SignUpRequest(wishes=[Wish(person_id=person_id)], request_key=key)


class CancelForm(BaseForm):
    """Do without a place."""

    reason = long_text_field(_l("A line to those who prepare it"), most=200)
