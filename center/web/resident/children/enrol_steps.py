"""The steps of an application: which child and term, school and class, each consent by itself, reasons, the rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from center.afterschool.models.consents import Purpose
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.priorities import Priority
from center.afterschool.models.terms import Term, TermRules, TermState
from center.afterschool.places import consents, enrolling, enrolments
from center.afterschool.places.consents import PURPOSES, WITHOUT, Text
from center.afterschool.places.enrolling import Application
from center.afterschool.places.states import OVER, place_of
from center.afterschool.queries import public_terms
from center.afterschool.terms import rulebook
from center.afterschool.terms.precedence import order_of
from center.afterschool.words import PRIORITIES
from center.afterschool.words import PURPOSES as NAMES
from center.kernel import clock
from center.kernel.db import transaction
from center.kernel.i18n import centre_zone, in_language, is_elder, local_date
from center.kernel.i18n import gettext as _
from center.people import acting
from center.people.models import Person
from center.signups.models import Channel
from center.web.after_school.consent_fields import YES
from center.web.editing import say_value
from center.web.rendering import render
from center.web.resident.children.forms import EnrolForm
from center.web.resident.children.record_access import own_hand
from center.web.sending import go_on
from center.web.steps.flow import StepFlow
from center.web.steps.keeping import InDraft
from center.web.steps.page import Step, StepPage

CHECK = "check"
ASIDE = ("has_read",)
ASKED = ("child", "term", "school", "school_class", "mark", "reasons", "relation", "first")


@dataclass(frozen=True, kw_only=True)
class EnrolStepPage:
    """One page of an application, with the texts that it asks about, and what was answered before."""

    page: StepPage
    form: EnrolForm
    texts: Mapping[str, Text]
    rules: TermRules | None
    term: Term | None
    answers: Sequence[tuple[str, str, str]]  # label, what was said, where it is changed
    without: Mapping[Purpose, Any] = field(default_factory=lambda: WITHOUT)


class EnrolSteps(StepFlow[EnrolForm]):
    """Applying for a place with one's account."""

    endpoint = "children.enrol_step"

    def __init__(self) -> None:
        self.children = acting.children_of(current_user.person, on=clock.today(centre_zone()))
        self.terms = open_terms()
        self.texts = consents.texts_now()
        super().__init__(InDraft("enrol"))

    @property
    def is_possible(self) -> bool:
        """Whether there is a child, and a term to which it can come."""
        return bool(self.children and self.terms)

    def make_form(self, answers: "MultiDict[str, str] | None") -> EnrolForm:
        me, child = current_user.person, self._child(answers)
        form = EnrolForm(formdata=answers, data={"child": child.id if child else None, "first": me.id})
        form.child.choices = [(each.id, each.name) for each in self.children]
        form.term.choices = [(each.id, in_language(each.name, each.name_en)) for each in self.terms]
        term = self._term(form)
        schools = enrolling.schools_of(term) if term else ()
        form.school.choices = [(each.id, in_language(each.name, each.name_en)) for each in schools]
        order = order_of(rulebook.latest(term.id)) if term else ()
        form.reasons.choices = [(each.value, PRIORITIES[each]) for each in order]
        guardians = [each.guardian for each in acting.guardians_of(child, on=self._today)] if child else [me]
        form.first.choices = [(each.id, _("I") if each.id == me.id else each.name) for each in guardians]
        form.request_key.data = self.keeping.key
        return form

    def steps_of(self, form: EnrolForm) -> Sequence[Step]:
        which = [name for name, many in (("child", self.children), ("term", self.terms)) if len(many) > 1]
        first = [name for name in ("first",) if len(form.first.choices) > 1]
        parts = [
            ("which", which),
            ("school", ["school", "school_class", "mark"]),
            *((each.value, [each.value]) for each in PURPOSES),
            ("reasons", ["reasons"] if form.reasons.choices else []),
            ("rung", ["relation", *first]),
        ]
        questions = {"which": _("Who comes, and when?"), "school": _("Which school and class?")}
        questions["rung"] = _("Whom does the centre ring?")
        if is_elder():  # one question a page
            parts, questions = [(name, [name]) for _part, fields in parts for name in fields], {}
        steps = [
            Step(name, tuple(fields), questions.get(name) or str(form[fields[0]].label.text))
            for name, fields in parts
            if fields
        ]
        return [*steps, Step(CHECK, ASIDE, _("Is this right?"), is_last=True, is_aside=True)]

    def knows(self, name: str) -> bool:
        return name in {"which", "rung", CHECK, *ASKED, *(each.value for each in PURPOSES)}

    def is_right(self, step: Step) -> bool:
        is_good = super().is_right(step)
        if step.name == Purpose.CARE and is_good and self.form.care.data != YES:
            self.form.care.errors = [WITHOUT[Purpose.CARE]]
            return False
        return is_good

    def beginning(self) -> dict[str, list[str]]:
        only = (("child", self.children), ("term", self.terms))
        return {name: [str(many[0].id)] for name, many in only if len(many) == 1}

    def show(self, step: Step) -> str:
        term = self._term(self.form)
        shown = EnrolStepPage(
            page=self.page(step, _("Ask for a place in the after-school programme"), url_for("after_school.index")),
            form=self.form,
            texts={each.value: text for each, text in self.texts.items()},
            rules=rulebook.latest(term.id) if term else None,
            term=term,
            answers=self._answered() if step.name == CHECK else (),
        )
        return render("resident/children/enrol_step.html", shown)

    def finish(self) -> ResponseReturnValue:
        term, child = self._term(self.form), self._child(None)
        assert term is not None
        assert child is not None
        known = enrolments.find(term, child)
        now = clock.now()
        is_old = known is not None and place_of(known, on=local_date(now), now=now) not in OVER
        with transaction():
            made = enrolling.apply(
                term,
                child,
                self._application(term),
                hand=own_hand(),
                channel=Channel.ONLINE,
                request_key=self.keeping.key,
                now=now,
            )
            leads_to = url_for("children.show", person_id=child.id)
            self.keeping.finish(leads_to)
        return self._said(made, is_old=is_old, leads_to=leads_to)

    def _said(self, made: Enrolment, *, is_old: bool, leads_to: str) -> ResponseReturnValue:
        if is_old:
            words = _("%(name)s has asked already. Here is how it stands.", name=made.applied_by.name)
            flash(words, "info")
            return go_on(_("Nothing was done twice."), leads_to)
        return go_on(_("Received. Its number is %(number)s.", number=made.sign_up.reference), leads_to)

    def _application(self, term: Term) -> Application:
        form, me = self.form, current_user.person
        rules = rulebook.latest(term.id)
        callers = [(form.first.data, "")] if form.first.data != me.id else []
        return Application(
            school_id=form.school.data,
            school_class=form.school_class.data,
            mark=form.mark.data or "",
            consents={each: form[each.value].data == YES for each in PURPOSES},
            versions={each: text.version for each, text in self.texts.items()},
            reasons=[Priority(each) for each in form.reasons.data or ()],
            callers=[*callers, (me.id, form.relation.data)],
            rules_id=rules.id if rules else 0,
        )

    def _answered(self) -> list[tuple[str, str, str]]:
        """What was answered, in words, each with the address where it is changed."""
        found = []
        for step in self.steps[:-1]:
            for name in step.fields:
                one = self.form[name]
                label = str(NAMES.get(Purpose(name), "")) if name in set(PURPOSES) else str(one.label.text)
                found.append((label, say_value(one, one.data), self.address(step, change=1)))
        return found

    def _child(self, answers: "MultiDict[str, str] | None") -> Person | None:
        said = (answers.get("child") if answers else None) or next(iter(self.said.answers.get("child", ())), "")
        by_id = {str(each.id): each for each in self.children}
        return by_id.get(said or "") or (self.children[0] if len(self.children) == 1 else None)

    def _term(self, form: EnrolForm) -> Term | None:
        by_id = {each.id: each for each in self.terms}
        return by_id.get(form.term.data or 0) or (self.terms[0] if self.terms else None)

    @property
    def _today(self) -> Any:
        return clock.today(centre_zone())


def open_terms() -> list[Term]:
    """The terms for which a place can be asked now."""
    return [each for each in public_terms() if each.state is TermState.OPEN]
