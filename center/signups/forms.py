"""Forms of sign-ups: shape only."""

import uuid
from collections.abc import Sequence

from wtforms import BooleanField, HiddenField, SelectMultipleField
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from center.forms import BaseForm, long_text_field, no_control_characters
from center.i18n import lazy_gettext as _l
from center.people.acting import ActedFor
from center.signups.actions import SignUpRequest, Wish


class SignUpForm(BaseForm):
    """Sign up: oneself, and whoever else one may act for."""

    people = SelectMultipleField(
        _l("Who comes?"), coerce=int, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    stays_together = BooleanField(_l("All of us, or nobody: we wait together if there are too few places"))
    request_key = HiddenField(validators=[Length(max=36), no_control_characters], default=lambda: str(uuid.uuid4()))

    def offer(self, people: Sequence[ActedFor]) -> None:
        """Ask which of these come; of one alone nothing is asked."""
        self.people.choices = [(each.person.id, each.person.name) for each in people]
        if len(people) == 1:
            self.people.data = [people[0].person.id]
            self.people.raw_data = None
        elif not self.is_submitted():
            self.people.data = [people[0].person.id]

    def as_request(self) -> SignUpRequest:
        """The request as the action takes it."""
        return SignUpRequest(
            wishes=[Wish(person_id=person_id) for person_id in self.people.data or ()],
            request_key=self.request_key.data or str(uuid.uuid4()),
            stays_together=self.stays_together.data,
        )


class CancelForm(BaseForm):
    """Do without a place."""

    reason = long_text_field(_l("A line to those who prepare it"), most=200)
