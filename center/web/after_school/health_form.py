"""The form of one thing to be known of a child's health: a guardian's own, or what they said to the director."""

from wtforms import RadioField
from wtforms.validators import InputRequired

from center.afterschool.models.consents import AlertLevel
from center.afterschool.places.health import HealthFacts
from center.afterschool.words import ALERT_LEVELS
from center.kernel.i18n import lazy_gettext as _l
from center.web.forms import CreatingForm, long_text_field, text_field


class HealthForm(CreatingForm):
    """One thing to be known of a child's health."""

    trigger = text_field(_l("What is it, or what brings it on?"), most=100, hint=_l("Such as: peanuts, asthma."))
    reaction = long_text_field(_l("What happens then?"), most=300, required=True)
    what_to_do = long_text_field(_l("What is to be done?"), most=300, required=True)
    level = RadioField(
        _l("How urgent is it?"),
        choices=[(each.value, ALERT_LEVELS[each]) for each in AlertLevel],
        validators=[InputRequired(_l("Please choose one of these."))],
    )

    def facts(self) -> HealthFacts:
        """What was said."""
        return HealthFacts(
            trigger=self.trigger.data,
            reaction=self.reaction.data,
            what_to_do=self.what_to_do.data,
            level=AlertLevel(self.level.data),
        )
