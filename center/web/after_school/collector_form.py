"""The form of somebody who may collect a child, named by a guardian with their account or at the desk."""

from wtforms import DateField, RadioField
from wtforms.validators import InputRequired, Optional

from center.afterschool.plans.collecting import CollectorFacts
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.people.rules import NAME_MOST
from center.web.forms import CreatingForm, text_field


class CollectorForm(CreatingForm):
    """Somebody who may collect."""

    name = text_field(_l("Name, as on their identity card"), most=NAME_MOST)
    relation = text_field(_l("What they are to the child"), most=20, hint=_l("Such as grandma or neighbour."))
    phone = text_field(_l("Phone"), most=20)
    how_long = RadioField(
        _l("How long"),
        choices=[
            ("always", _l("From the first day on, without end")),
            ("day", _l("On the first day only")),
            ("until", _l("Until the last day")),
        ],
        default="always",
    )
    starts_on = DateField(_l("First day"), validators=[InputRequired()])
    ends_on = DateField(_l("Last day"), validators=[Optional()])

    def facts(self) -> CollectorFacts:
        """What was typed. Raises RuleBroken where a last day was chosen and not said."""
        if self.how_long.data == "until" and self.ends_on.data is None:
            raise RuleBroken(_l("Say the last day."), field="ends_on")
        first = self.starts_on.data
        ends_on = {"day": first, "until": self.ends_on.data}.get(self.how_long.data)
        who = {"name": self.name.data, "relation": self.relation.data, "phone": self.phone.data}
        return CollectorFacts(**who, starts_on=first, ends_on=ends_on)
