"""Who has asked for places, and what the director decides: reasons for priority, classes, endings by a paragraph."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from center.afterschool import said_to_staff
from center.afterschool.models.enrolments import Enrolment, EnrolmentChange, EnrolmentEvent, PriorityClaim
from center.afterschool.models.terms import Paragraph, Term
from center.afterschool.models.words_said import GuardianWord
from center.afterschool.places import ending, enrolling, enrolments, priorities
from center.afterschool.places.states import NAMES, TONES, Place, may, place_of
from center.afterschool.plans import weeks
from center.afterschool.queries import all_terms, get_term
from center.afterschool.terms import rulebook
from center.afterschool.terms.precedence import order_of
from center.afterschool.words import ENROLMENT_CHANGES, PRIORITIES, PURPOSES, SPOKE, WORDS_ON
from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.access_log import Kind
from center.kernel.db import db
from center.kernel.i18n import gettext as _
from center.kernel.i18n import in_language, local_date
from center.people.models import Person
from center.signups.queries import place_in_queue
from center.web.blueprints import classroom as blueprint
from center.web.classroom.enrolments.forms import YES, ClassForm, DecideForm, EndForm
from center.web.forms import BaseForm, id_of
from center.web.people import looks
from center.web.rendering import render
from center.web.sending import go_on, is_done

IN_ORDER = (
    Place.TO_CHECK,
    Place.APPLIED,
    Place.OFFERED,
    Place.QUEUED,
    Place.IN_CARE,
    Place.PAUSED,
    Place.NOT_DRAWN,
    Place.LAPSED,
    Place.WITHDRAWN,
    Place.NOT_ELIGIBLE,
    Place.ENDED,
)


@dataclass(frozen=True, kw_only=True)
class ListPage:
    """The children of a term by where their places stand."""

    terms: Sequence[Term]
    term: Term | None
    by_place: Mapping[Place, Sequence[Enrolment]]
    without_days: Collection[int]
    names: Mapping[Any, Any] = field(default_factory=lambda: NAMES)
    tones: Mapping[Any, str] = field(default_factory=lambda: TONES)


@dataclass(frozen=True, kw_only=True)
class EnrolmentPage:
    """One child's place, and what can be decided about it now."""

    enrolment: Enrolment
    place: Place
    number: int | None
    siblings: Sequence[Person]
    events: Sequence[EnrolmentEvent]
    may_decide: bool
    may_end: bool
    may_refuse: bool
    may_set_class: bool
    said: Sequence[GuardianWord]  # by guardians, to staff
    order: Sequence[Any]  # of reasons, by the term's rules
    names: Mapping[Any, Any] = field(default_factory=lambda: NAMES)
    tones: Mapping[Any, str] = field(default_factory=lambda: TONES)
    reasons: Mapping[Any, Any] = field(default_factory=lambda: PRIORITIES)
    changes: Mapping[Any, Any] = field(default_factory=lambda: ENROLMENT_CHANGES)
    words: Mapping[Any, Any] = field(default_factory=lambda: WORDS_ON)
    spoke: Mapping[Any, Any] = field(default_factory=lambda: SPOKE)
    purposes: Mapping[Any, Any] = field(default_factory=lambda: PURPOSES)


@dataclass(frozen=True, kw_only=True)
class DecisionPage:
    """A form about one child's place."""

    enrolment: Enrolment
    title: str
    lead: str
    form: BaseForm
    label: str
    back: str
    is_grave: bool = False


@blueprint.get("/classroom/enrolments", endpoint="enrolments")
@requires(Permission.RUN_AFTER_SCHOOL)
def list_enrolments() -> ResponseReturnValue:
    """Who has asked for a place in a term, by where the places stand."""
    terms = all_terms()
    asked = id_of(request.args.get("term", ""))
    term = get_term(asked) if asked else next(iter(terms), None)
    found = _of_term(term) if term else []
    now = clock.now()
    places = [(place_of(each, on=local_date(now), now=now), each) for each in found]
    looks.see(Kind.ROLL, [each.child for each in found], subject=in_language(term.name, term.name_en) if term else "")
    by_place = {place: [each for where, each in places if where is place] for place in IN_ORDER}
    page = ListPage(
        terms=terms,
        term=term,
        by_place={key: each for key, each in by_place.items() if each},
        without_days=weeks.without_days(by_place[Place.IN_CARE]),
    )
    return render("classroom/enrolments/list.html", page)


@blueprint.get("/classroom/enrolments/<id:enrolment_id>")
@requires(Permission.RUN_AFTER_SCHOOL)
def enrolment(enrolment_id: int) -> ResponseReturnValue:
    """One child's place: what was said, what was decided and why."""
    found, now = _seen(enrolment_id), clock.now()
    place = place_of(found, on=local_date(now), now=now)
    page = EnrolmentPage(
        enrolment=found,
        place=place,
        number=place_in_queue(found.sign_up),
        siblings=priorities.siblings_with_place(found, now=now),
        events=enrolments.events_of(found),
        may_decide=may(EnrolmentChange.PRIORITY_DECIDED, place),
        may_end=may(EnrolmentChange.ENDED, place),
        may_refuse=may(EnrolmentChange.NOT_ELIGIBLE, place),
        may_set_class=may(EnrolmentChange.CLASS_SET, place),
        said=said_to_staff.words_of(found.child),
        order=[PRIORITIES[each] for each in order_of(rulebook.latest(found.term_id))],
    )
    return render("classroom/enrolments/show.html", page)


@blueprint.route("/classroom/enrolments/<id:enrolment_id>/reasons/<id:claim_id>", methods=["GET", "POST"])
@requires(Permission.RUN_AFTER_SCHOOL)
def decide_priority(enrolment_id: int, claim_id: int) -> ResponseReturnValue:
    """Accept a reason for priority or not, and say why."""
    found = _seen(enrolment_id)
    claim = priorities.get_claim(found, claim_id)
    form = DecideForm(data=_said(claim))

    def decide() -> None:
        said = {"is_accepted": form.is_accepted.data == YES, "why": form.why.data or ""}
        priorities.decide(claim, **said, by=current_user.person, now=clock.now())

    title, lead = str(PRIORITIES[claim.reason]), _("What you decide and why is written down and told to the guardians.")
    return _decision(found, form, decide, title=title, lead=lead, label=_("Decide"))


@blueprint.route("/classroom/enrolments/<id:enrolment_id>/class", methods=["GET", "POST"])
@requires(Permission.RUN_AFTER_SCHOOL)
def set_class(enrolment_id: int) -> ResponseReturnValue:
    """Put the child into a class."""
    found = _seen(enrolment_id)
    form = ClassForm(data={"care_class": found.class_id})
    form.offer(found.term.classes)

    def act() -> None:
        chosen = next(each for each in found.term.classes if each.id == form.care_class.data)
        enrolling.set_class(found, chosen, by=current_user.person, now=clock.now())

    return _decision(found, form, act, title=_("Class in the programme"), lead="", label=_("Save"))


@blueprint.route("/classroom/enrolments/<id:enrolment_id>/end", methods=["GET", "POST"])
@requires(Permission.RUN_AFTER_SCHOOL)
def end_place(enrolment_id: int) -> ResponseReturnValue:
    """End a place by a paragraph of the rules, with a reason that the guardians are told."""
    found = _seen(enrolment_id)
    form = _end_form(found)

    def act() -> None:
        paragraph, reason = _paragraph(form), form.reason.data or ""
        ending.end(found, paragraph=paragraph, reason=reason, by=current_user.person, now=clock.now())

    lead = _("It ends at once. The guardians are told the paragraph and the reason.")
    return _decision(found, form, act, title=_("End the place"), lead=lead, label=_("End it now"), is_grave=True)


@blueprint.route("/classroom/enrolments/<id:enrolment_id>/refuse", methods=["GET", "POST"])
@requires(Permission.RUN_AFTER_SCHOOL)
def refuse_enrolment(enrolment_id: int) -> ResponseReturnValue:
    """There can be no place, by a paragraph of the rules."""
    found = _seen(enrolment_id)
    form = _end_form(found)

    def act() -> None:
        paragraph, reason = _paragraph(form), form.reason.data or ""
        ending.refuse(found, paragraph=paragraph, reason=reason, by=current_user.person, now=clock.now())

    lead = _("The guardians are told the paragraph and the reason. They may apply again.")
    return _decision(found, form, act, title=_("Not eligible"), lead=lead, label=_("Refuse"), is_grave=True)


def _decision(
    found: Enrolment, form: BaseForm, act: Any, *, title: str, lead: str, label: str, is_grave: bool = False
) -> ResponseReturnValue:
    back = url_for("classroom.enrolment", enrolment_id=found.id)
    if is_done(form, act):
        return go_on(_("Written down."), back)
    page = DecisionPage(
        enrolment=found, title=title, lead=lead, form=form, label=label, back=back, is_grave=is_grave
    )  # fmt: skip
    return render("classroom/enrolments/decide.html", page), form.exact_status


def _seen(enrolment_id: int) -> Enrolment:
    """An enrolment, whose child is looked at."""
    found = enrolments.get(enrolment_id)
    looks.see(Kind.CHILD, [found.child], subject=in_language(found.term.name, found.term.name_en))
    return found


def _of_term(term: Term) -> Sequence[Enrolment]:
    query = (
        select(Enrolment)
        .join(Enrolment.child)
        .where(Enrolment.term_id == term.id)
        .options(
            joinedload(Enrolment.child),
            joinedload(Enrolment.sign_up),
            joinedload(Enrolment.school),
            joinedload(Enrolment.care_class),
            selectinload(Enrolment.claims),
        )
    )
    return db.session.scalars(query.order_by(Person.sort_key, Person.name, Enrolment.id)).all()


def _end_form(found: Enrolment) -> EndForm:
    form, rules = EndForm(), rulebook.latest(found.term_id)
    form.offer(rules.paragraphs if rules else ())
    return form


def _paragraph(form: EndForm) -> Paragraph | None:
    return db.session.get(Paragraph, form.paragraph.data or 0)


def _said(claim: PriorityClaim) -> dict[str, Any]:
    if claim.is_accepted is None:
        return {}
    return {"is_accepted": YES if claim.is_accepted else "no", "why": claim.decided_why}
