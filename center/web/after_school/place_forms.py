"""Forms of a child's place, by account or at the desk: school and class, a pause, an end, and who is rung first."""

from collections.abc import Callable, Sequence
from typing import Any

from wtforms import DateField, Field, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.priorities import Priority
from center.afterschool.models.terms import School
from center.afterschool.terms import precedence, rulebook
from center.afterschool.words import PRIORITIES
from center.kernel.i18n import gettext as _
from center.kernel.i18n import in_language
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person
from center.web.forms import BaseForm, text_field


def school_class_field() -> Field:
    """The class at school."""
    return text_field(_l("Class at school"), most=20, hint=_l("Such as 三(2)班."))


def mark_field() -> Field:
    """What tells a child from another of the same name."""
    hint = _l("What tells the child from another of the same name, such as: tall, red schoolbag.")
    return text_field(_l("Mark"), most=12, required=False, hint=hint)


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


class PlaceForm(BaseForm):
    """School, class and mark of a child."""

    school = SelectField(_l("School"), coerce=int)
    school_class, mark = school_class_field(), mark_field()

    def offer(self, schools: Sequence[School]) -> None:
        """The schools that the term is for."""
        self.school.choices = [(each.id, in_language(each.name, each.name_en)) for each in schools]

    def said(self) -> dict[str, Any]:
        """What is filled in."""
        return {"school_id": self.school.data, "school_class": self.school_class.data, "mark": self.mark.data or ""}


def known_school(enrolment: Enrolment) -> dict[str, Any]:
    """What is known so far, as the form shows it."""
    return {"school": enrolment.school_id, "school_class": enrolment.school_class, "mark": enrolment.mark}


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


def callers_form(
    enrolment: Enrolment,
    guardians: Sequence[Person],
    make: type[CallersForm] = CallersForm,
    called: Callable[[Person], str] = lambda guardian: guardian.name,
) -> Any:
    """The form for the guardians of a child, as it is now."""
    known = {each.guardian_id: each.relation for each in enrolment.callers}
    labels = {each.id: _("Who is %(name)s to the child?", name=called(each)) for each in guardians}
    fields = {f"relation_{key}": text_field(label, most=20, required=False) for key, label in labels.items()}
    form_class: Any = type("CallersForm", (make,), fields)
    given = {f"relation_{each.id}": known.get(each.id, "") for each in guardians}
    first = enrolment.callers[0].guardian_id if enrolment.callers else guardians[0].id
    form = form_class(data={"first": first, **given})
    form.first.choices = [(each.id, called(each)) for each in guardians]
    form.guardian_ids = [each.id for each in guardians]
    return form


class ReasonsForm(BaseForm):
    """For which reasons a child should come before others."""

    reasons = SelectMultipleField(
        _l("Reasons for priority"),
        description=_l("Tick all that hold. What is not ticked is withdrawn."),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def offer(self, enrolment: Enrolment) -> None:
        """The reasons that count in the term, and those that were named, in the order that its rules publish."""
        known = [each.reason for each in enrolment.claims]
        order = precedence.order_of(rulebook.latest(enrolment.term_id))
        self.reasons.choices = [(each.value, PRIORITIES[each]) for each in dict.fromkeys([*order, *known])]

    def chosen(self) -> list[Priority]:
        """What is ticked."""
        return [Priority(each) for each in self.reasons.data or ()]


def named_reasons(enrolment: Enrolment) -> dict[str, list[str]]:
    """What was named so far, as the form shows it."""
    return {"reasons": [each.reason.value for each in enrolment.claims]}
