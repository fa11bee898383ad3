"""Forms of what an organisation files and reports: shape only."""

from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from center.incubator.filings.rules import PLAN_FROM
from center.kernel.i18n import lazy_gettext as _l
from center.web.forms import BaseForm, long_text_field, text_field

MOST_PEOPLE = 2000


class FilingForm(BaseForm):
    """What an organisation files of an activity."""

    what = long_text_field(_l("What it is"), most=1000, required=True)
    people = IntegerField(
        _l("How many people come"),
        validators=[
            InputRequired(_l("Please fill this in.")),
            NumberRange(min=1, max=MOST_PEOPLE, message=_l("A number from %(min)s to %(max)s, please.")),
        ],
    )
    answers = text_field(
        _l("Who answers for it there"),
        most=120,
        hint=_l("A name, and how to reach them that day. Only the staff of the centre read it."),
    )
    safety_plan = long_text_field(
        _l("How everybody's safety is seen to"),
        most=2000,
        hint=_l(
            "Needed from %(n)d people on: who stands at the doors, which way people go out, first aid.", n=PLAN_FROM
        ),
    )
    late_because = text_field(
        _l("Why it is filed late"), most=200, required=False, hint=_l("Only where the day for it is past.")
    )


class SummaryForm(BaseForm):
    """What became of an activity."""

    what = long_text_field(_l("How the date went"), most=2000, required=True)
    to_do_better = long_text_field(_l("What to do better next time"), most=1000)


class QuarterForm(BaseForm):
    """What an organisation adds to the figures of a quarter."""

    text = long_text_field(
        _l("What you want to add"), most=1000, hint=_l("Changes of leads or of where you meet, money, plans.")
    )
