"""Forms with which staff review activities: the filter of the list, and why something is returned."""

from wtforms import DateField, SelectField
from wtforms.validators import Optional

from center.kernel.i18n import in_language
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.texts import MOST, register
from center.signups.posting import reviewing
from center.signups.posting.reviewing import CHANGED, NEW, ReviewFilter
from center.web.forms import FilterForm, of_this_century, text_field, with_chosen
from center.web.ready_reasons import OneReasonForm


class ReviewForm(FilterForm):
    """Which of what waits to list."""

    organisation = SelectField(_l("Organisation"), validators=[Optional()], validate_choice=False)
    kind = SelectField(_l("Kind of activity"), validators=[Optional()], validate_choice=False)
    what = SelectField(
        _l("New or changed"),
        choices=[("", _l("Both")), (NEW, _l("New activities")), (CHANGED, _l("Changes of what is public"))],
        validators=[Optional()],
    )
    day = DateField(_l("Takes place on"), validators=[Optional(), of_this_century])

    def offer(self) -> None:
        """Let them choose among the organisations and the kinds of what waits."""
        organisations = [
            (each.slug, in_language(each.name, each.name_en)) for each in reviewing.organisations_waiting()
        ]
        kinds = [(str(each.id), in_language(each.name, each.name_en)) for each in reviewing.kinds_waiting()]
        self.organisation.choices = with_chosen(self.organisation.data, [("", _l("All organisations")), *organisations])
        self.kind.choices = with_chosen(self.kind.data, [("", _l("All kinds")), *kinds])

    def wanted(self) -> ReviewFilter:
        """What is asked for. What cannot be read narrows nothing."""
        self.validate()
        kind = self.kind.data or ""
        return ReviewFilter(
            organisation=(self.organisation.data or "")[:80],
            kind=int(kind) if kind.isascii() and kind.isdigit() and len(kind) < 10 else None,
            what=self.what.data if self.what.data in {NEW, CHANGED} else "",
            day=None if self.day.errors else self.day.data,
        )


class ReturnForm(OneReasonForm):
    """Why an activity, or a change of one, is returned."""

    group = "activity"
    sentences = register(
        group,
        {
            "unclear": _l("Please say more plainly what people do there and what they should bring."),
            "whom": _l("Please say for whom it is, and from which age on."),
            "people": _l("The places do not fit the room. Please take fewer people or a larger room."),
            "time": _l("This time does not suit the house. Please choose another one."),
            "price": _l("Please say what it costs, and what for."),
            "photo": _l("Please choose another photo: whoever can be made out must have agreed."),
            "advertising": _l("Please leave out what sells something."),
        },
    )

    reason = text_field(
        _l("What to change"),
        most=MOST,
        required=False,
        hint=_l("The organisation reads this, changes it and submits again."),
    )
