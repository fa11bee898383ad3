"""Forms of a child's place and record."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, DateField, Field, RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from center.afterschool.models.consents import Purpose
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.terms import School
from center.kernel.i18n import gettext as _
from center.kernel.i18n import in_language
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person
from center.web.after_school.consent_fields import ANSWER, consent_field
from center.web.forms import BaseForm, CreatingForm, text_field


class PlaceForm(BaseForm):
    """School, class and mark of a child."""

    school = SelectField(_l("School"), coerce=int)
    school_class = text_field(_l("Class at school"), most=20, hint=_l("Such as 三(2)班."))
    mark = text_field(
        _l("Mark"),
        most=12,
        required=False,
        hint=_l("What tells the child from another of the same name, such as: tall, red schoolbag."),
    )

    def offer(self, schools: Sequence[School]) -> None:
        """The schools that the term is for."""
        self.school.choices = [(each.id, in_language(each.name, each.name_en)) for each in schools]


class EnrolForm(CreatingForm):
    """Everything that an application asks, by account or from paper."""

    child = SelectField(_l("Which child?"), coerce=int)
    term = SelectField(_l("Which term?"), coerce=int)
    school = SelectField(_l("School"), coerce=int)
    school_class = text_field(_l("Class at school"), most=20, hint=_l("Such as 三(2)班."))
    mark = text_field(
        _l("Mark"),
        most=12,
        required=False,
        hint=_l("What tells the child from another of the same name, such as: tall, red schoolbag."),
    )
    care = consent_field(Purpose.CARE)
    health = consent_field(Purpose.HEALTH)
    photos = consent_field(Purpose.PHOTOS)
    walking_alone = consent_field(Purpose.WALKING_ALONE)
    reasons = SelectMultipleField(
        _l("Reasons for priority"),
        choices=[],
        description=_l("Staff look at each and write down what they decide. Leave it empty if none fits."),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    first = SelectField(_l("Who is rung first?"), coerce=int)
    relation = text_field(_l("Who are you to the child?"), most=20, hint=_l("Such as: mother, grandfather."))
    has_read = BooleanField(
        _l("I have read the rules"), validators=[InputRequired(_l("Please read the rules first."))]
    )  # fmt: skip


class PauseForm(BaseForm):
    """From when until when a child does not come."""

    first = DateField(_l("First day without the child"), validators=[InputRequired(_l("Please choose a date."))])
    last = DateField(
        _l("Last day without the child"),
        description=_l("Leave it empty if you do not know yet."),
        validators=[Optional()],
    )


class LeaveForm(BaseForm):
    """Doing without a place."""

    reason = text_field(_l("A word to the centre"), most=150, required=False)


class CallersForm(BaseForm):
    """Who is rung first, and who each guardian is to the child: a field for each (`callers_form`)."""

    first = SelectField(_l("Who is rung first?"), coerce=int)
    guardian_ids: Sequence[int] = ()

    @property
    def relations(self) -> list[Field]:
        """The field of each guardian."""
        return [self[f"relation_{each}"] for each in self.guardian_ids]

    def in_order(self) -> list[tuple[int, str]]:
        """The guardians in order of calling, each with who they are to the child."""
        ids = sorted(self.guardian_ids, key=lambda each: each != self.first.data)
        return [(each, self[f"relation_{each}"].data or "") for each in ids]


def callers_form(enrolment: Enrolment, guardians: Sequence[Person]) -> CallersForm:
    """The form for the guardians of a child, as it is now."""
    known = {each.guardian_id: each.relation for each in enrolment.callers}
    labels = {each.id: _("Who is %(name)s to the child?", name=each.name) for each in guardians}
    fields = {f"relation_{key}": text_field(label, most=20, required=False) for key, label in labels.items()}
    form_class: Any = type("CallersForm", (CallersForm,), fields)
    given = {f"relation_{each.id}": known.get(each.id, "") for each in guardians}
    first = enrolment.callers[0].guardian_id if enrolment.callers else guardians[0].id
    form: CallersForm = form_class(data={"first": first, **given})
    form.first.choices = [(each.id, each.name) for each in guardians]
    form.guardian_ids = [each.id for each in guardians]
    return form


class ConsentForm(BaseForm):
    """Agreeing, or not, to the text that is shown."""

    answer: Any = RadioField(
        _l("Do you agree?"), choices=ANSWER, validators=[InputRequired(_l("Please choose one of these."))]
    )
