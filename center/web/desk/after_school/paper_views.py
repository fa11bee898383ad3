"""A paper form of the after-school programme: printed, and typed in on one page. It shows the desk no list of children.

Whoever types it in names the guardian by their phone and the child by its name, as they stand on the paper, and reads
nothing of a child but a receipt with a number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from center.afterschool.models.consents import Means, Purpose
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.plans import Way
from center.afterschool.models.priorities import Priority
from center.afterschool.models.terms import Term, TermRules, TermState
from center.afterschool.places import consents, enrolling, enrolments
from center.afterschool.places.consents import PURPOSES, Hand, Text
from center.afterschool.places.enrolling import Application
from center.afterschool.plans import weeks
from center.afterschool.queries import get_term, public_terms
from center.afterschool.terms import rulebook
from center.afterschool.terms.precedence import order_of
from center.afterschool.words import PRIORITIES, WAYS
from center.afterschool.words import PURPOSES as NAMES
from center.kernel import clock
from center.kernel.access import Permission, authorise, requires
from center.kernel.access_log import Kind
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import centre_zone, in_language
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.people import acting
from center.people.models import Person
from center.people.phones import normalise
from center.people.search import find_by_phone
from center.signups.models import Channel
from center.web.after_school.consent_fields import YES, consent_field
from center.web.after_school.receipts import receipt_of
from center.web.blueprints import desk as blueprint
from center.web.forms import CreatingForm, id_of, text_field
from center.web.people import looks
from center.web.rendering import render
from center.web.sending import form_page, go_on, is_done

RECEIPT_FOR = timedelta(hours=12)  # so long whoever typed a form in may print its receipt again


class PaperForm(CreatingForm):
    """What stands on a paper form."""

    edition = text_field(_l("Edition"), most=30, hint=_l("It stands at the bottom of the paper, such as 3.1.1.1.1.1."))
    phone = text_field(_l("Guardian's phone number"), most=30)
    child_name = text_field(_l("Child's full name"), most=60)
    school = SelectField(_l("School"), coerce=int)
    school_class = text_field(_l("Class at school"), most=20, hint=_l("Such as 三(2)班."))
    mark = text_field(_l("Mark"), most=12, required=False)
    relation = text_field(_l("Who the guardian is to the child"), most=20)
    care = consent_field(Purpose.CARE)
    health = consent_field(Purpose.HEALTH)
    photos = consent_field(Purpose.PHOTOS)
    walking_alone = consent_field(Purpose.WALKING_ALONE)
    reasons = SelectMultipleField(
        _l("Reasons for priority"),
        choices=[],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


@dataclass(frozen=True, kw_only=True)
class PaperPage:
    """The form to print: texts, rules and boxes to tick."""

    term: Term
    rules: TermRules
    texts: Mapping[Purpose, Text]
    edition: str
    names: Mapping[Any, Any] = field(default_factory=lambda: NAMES)
    reasons: Sequence[Any] = ()
    weekdays: Sequence[int] = ()  # on which the term takes place
    ways: Sequence[Any] = ()


@blueprint.get("/desk/after-school/paper/<id:term_id>")
@requires(Permission.ENROL_CHILDREN)
def paper_form(term_id: int) -> ResponseReturnValue:
    """The paper form of a term, to be filled in by hand and signed."""
    term, rules = _open(term_id)
    page = PaperPage(
        term=term,
        rules=rules,
        texts=consents.texts_now(),
        edition=edition_of(term, rules),
        reasons=[PRIORITIES[each] for each in order_of(rules)],
        weekdays=weeks.weekdays_of(term),
        ways=[WAYS[each] for each in (Way.COLLECTED, Way.ALONE, Way.SIBLING, Way.BUS)],
    )
    return render("desk/after_school/paper.html", page)


@blueprint.route("/desk/after-school/enrol", methods=["GET", "POST"])
@requires(Permission.ENROL_CHILDREN)
def enrol_from_paper() -> ResponseReturnValue:
    """Type in a paper form."""
    terms = [each for each in public_terms() if each.state is TermState.OPEN]
    asked = id_of(request.args.get("term", ""))
    term = next((each for each in terms if asked in {None, each.id}), None)
    form = PaperForm()
    form.school.choices = [
        (each.id, in_language(each.name, each.name_en)) for each in (enrolling.schools_of(term) if term else ())
    ]
    order = order_of(rulebook.latest(term.id)) if term else ()
    form.reasons.choices = [(each.value, PRIORITIES[each]) for each in order]
    made: list[Enrolment] = []

    def apply() -> Enrolment:
        assert term is not None
        made.append(_apply(term, form))
        return made[0]

    if term is not None and is_done(form, apply, then=_receipt_page):
        words = _("Received. Its number is %(number)s.", number=made[0].sign_up.reference)
        return go_on(words, _receipt_page(made[0]))
    return form_page("desk/after_school/enrol.html", form, term=term, terms=terms)


@blueprint.get("/desk/after-school/receipts/<id:enrolment_id>")
@requires(Permission.ENROL_CHILDREN)
def enrolment_receipt(enrolment_id: int) -> ResponseReturnValue:
    """The receipt of a form that one has just typed in; of nobody else's."""
    found = enrolments.get(enrolment_id)
    is_own = found.recorded_by_id == current_user.person_id
    authorise(is_own and clock.now() < found.applied_at + RECEIPT_FOR)
    looks.see(Kind.CHILD, [found.child], subject=in_language(found.term.name, found.term.name_en))
    return receipt_of(found, found.applied_by)


def _receipt_page(made: Enrolment) -> str:
    return url_for("desk.enrolment_receipt", enrolment_id=made.id)


def edition_of(term: Term, rules: TermRules) -> str:
    """What a paper form is known by: its term, and the versions of the rules and texts that stand on it."""
    texts = consents.texts_now()
    return ".".join(str(each) for each in (term.id, rules.version, *(texts[one].version for one in PURPOSES)))


def _apply(term: Term, form: PaperForm) -> Enrolment:
    rules = rulebook.latest(term.id)
    if rules is None or form.edition.data != edition_of(term, rules):
        words = _l("The rules or texts on this paper are not those of today. Please let the guardian sign a new one.")
        raise Conflict(words, field="edition")
    guardian, child = named_on_paper(form.phone.data, form.child_name.data)
    said = Application(
        school_id=form.school.data,
        school_class=form.school_class.data,
        mark=form.mark.data or "",
        consents={each: form[each.value].data == YES for each in PURPOSES},
        versions={each: text.version for each, text in consents.texts_now().items()},
        reasons=[Priority(each) for each in form.reasons.data or ()],
        callers=[(guardian.id, form.relation.data)],
        rules_id=rules.id,
    )
    hand = Hand(guardian=guardian, by=current_user.person, means=Means.PAPER)
    key = form.request_key.data or ""
    return enrolling.apply(term, child, said, hand=hand, channel=Channel.DESK, request_key=key, now=clock.now())


def named_on_paper(phone: str, child_name: str) -> tuple[Person, Person]:
    """The guardian with this number and their child of this name; raises RuleBroken where there is not one of them."""
    on = clock.today(centre_zone())
    found = [
        (guardian, child)
        for guardian in find_by_phone(normalise(phone))
        for child in acting.children_of(guardian, on=on)
        if child.name == child_name
    ]
    if not found:
        words = _l(
            "Nobody with this number is known as the guardian of a child of this name. Please write down both first, "
            "and whose guardian they are."
        )
        raise RuleBroken(words, field="child_name")
    if len({child.id for _guardian, child in found}) > 1:
        words = _l("Two children of this name are known with this number. Please ask the director.")
        raise RuleBroken(words, field="child_name")
    return found[0]


def _open(term_id: int) -> tuple[Term, TermRules]:
    term = get_term(term_id)
    rules = rulebook.latest(term.id)
    authorise(term.state is TermState.OPEN and rules is not None)
    assert rules is not None
    return term, rules
