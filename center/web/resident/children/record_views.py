"""A child's record as guardians see it: all that is kept, changed by them, and how they ask for its deletion."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.afterschool import said_to_staff
from center.afterschool.models.consents import ChildConsent, ChildPhoto, HealthNote, Purpose
from center.afterschool.models.enrolments import Enrolment, EnrolmentChange, EnrolmentEvent
from center.afterschool.models.retention import DeletionAsk
from center.afterschool.models.words_said import GuardianWord
from center.afterschool.places import child_photos, consents, ending, enrolling, enrolments, health, priorities
from center.afterschool.places.states import NAMES, TONES, WITH_PLACE, Place, may, place_of
from center.afterschool.plans import weeks
from center.afterschool.retention import deletions
from center.afterschool.rights.guardian_rights import may_decide
from center.afterschool.words import ALERT_LEVELS, ENROLMENT_CHANGES, PRIORITIES, PURPOSES, SPOKE, WORDS_ON
from center.kernel import clock
from center.kernel.access import signed_in
from center.kernel.i18n import centre_zone, local_date
from center.kernel.i18n import gettext as _
from center.kernel.sealed import seal
from center.people import acting
from center.people.models import Guardianship, Person
from center.signups.answers import facts_of_date
from center.signups.queries import place_in_queue
from center.signups.roster_state import read
from center.web.after_school.place_forms import (
    LeaveForm,
    PauseForm,
    PlaceForm,
    ReasonsForm,
    callers_form,
    known_school,
    named_reasons,
)
from center.web.after_school.receipts import receipt_of
from center.web.blueprints import children as blueprint
from center.web.forms import BaseForm
from center.web.people.copy_page import copy_file, copy_page
from center.web.people.proof import require_recent_proof
from center.web.rendering import render
from center.web.resident.children.own_child import own_child, own_child_read
from center.web.resident.children.record_access import own_enrolment
from center.web.sending import did, form_page, go_on, is_done


@dataclass(frozen=True, kw_only=True)
class PlaceCard:
    """One term of a child: where its place stands, and what a guardian can do about it."""

    enrolment: Enrolment
    place: Place
    number: int | None  # on the waiting list
    seal: str  # of what is read beside an offer
    events: Sequence[EnrolmentEvent]
    has_days: bool  # whether a guardian has said on which weekdays the child comes

    def may(self, what: str) -> bool:
        """Whether something can be done now."""
        return may(EnrolmentChange(what), self.place)

    @property
    def has_place(self) -> bool:
        """Whether the child comes, or would but for a pause."""
        return self.place in WITH_PLACE


@dataclass(frozen=True, kw_only=True)
class Words:
    """What states, reasons and purposes are called."""

    places: Mapping[Any, Any] = field(default_factory=lambda: NAMES)
    tones: Mapping[Any, str] = field(default_factory=lambda: TONES)
    changes: Mapping[Any, Any] = field(default_factory=lambda: ENROLMENT_CHANGES)
    reasons: Mapping[Any, Any] = field(default_factory=lambda: PRIORITIES)
    purposes: Mapping[Any, Any] = field(default_factory=lambda: PURPOSES)
    levels: Mapping[Any, Any] = field(default_factory=lambda: ALERT_LEVELS)
    said: Mapping[Any, Any] = field(default_factory=lambda: WORDS_ON)
    spoke: Mapping[Any, Any] = field(default_factory=lambda: SPOKE)


@dataclass(frozen=True, kw_only=True)
class ChildPage:
    """All that the programme keeps of a child."""

    child: Person
    cards: Sequence[PlaceCard]
    guardians: Sequence[Guardianship]
    consents: Mapping[Purpose, ChildConsent]
    notes: Sequence[HealthNote]
    photo: ChildPhoto | None
    asks: Sequence[DeletionAsk]
    may_decide: bool  # whoever looks, as far as bars go
    said: Sequence[GuardianWord]  # to staff, on the phone or at the desk
    words: Words = field(default_factory=Words)


@dataclass(frozen=True, kw_only=True)
class MinePage:
    """The children of whoever is signed in, each with its places."""

    children: Sequence[tuple[Person, Sequence[PlaceCard]]]
    words: Words = field(default_factory=Words)


@blueprint.get("/children")
@signed_in
def index() -> ResponseReturnValue:
    """My children in the after-school programme."""
    mine = acting.children_of(current_user.person, on=clock.today(centre_zone()))
    return render("resident/children/index.html", MinePage(children=[(each, cards_of(each)) for each in mine]))


@blueprint.get("/children/<id:person_id>")
@signed_in
def show(person_id: int) -> ResponseReturnValue:
    """Everything that is kept of one's child, with what one can do."""
    child = own_child(person_id)
    page = ChildPage(
        child=child,
        cards=cards_of(child),
        guardians=acting.guardians_of(child, on=clock.today(centre_zone())),
        consents=consents.live_of(child),
        notes=health.notes_of(child),
        photo=child_photos.find(child),
        said=said_to_staff.words_of(child),
        asks=[waits] if (waits := deletions.open_of(child)) else [],
        may_decide=may_decide(current_user.person, child, now=clock.now()),
    )
    return render("resident/children/show.html", page)


@blueprint.get("/children/<id:person_id>/places/<id:enrolment_id>/receipt")
@signed_in
def receipt(person_id: int, enrolment_id: int) -> ResponseReturnValue:
    """That somebody has asked for a place, in large type, with the number of it."""
    child = own_child(person_id)
    return receipt_of(own_enrolment(child, enrolment_id), current_user.person)


@blueprint.route("/children/<id:person_id>/places/<id:enrolment_id>/edit", methods=["GET", "POST"])
@signed_in
def edit_place(person_id: int, enrolment_id: int) -> ResponseReturnValue:
    """School, class and mark."""
    child = own_child(person_id)
    enrolment = own_enrolment(child, enrolment_id)
    form, back = PlaceForm(data=known_school(enrolment)), url_for(".show", person_id=child.id)
    form.offer(enrolling.schools_of(enrolment.term))

    if is_done(form, lambda: enrolling.edit(enrolment, **form.said(), by=current_user.person, now=clock.now())):
        return go_on(_("Changed."), back)
    return form_page("resident/children/edit_place.html", form, child=child, enrolment=enrolment, back=back)


@blueprint.route("/children/<id:person_id>/places/<id:enrolment_id>/callers", methods=["GET", "POST"])
@signed_in
def callers(person_id: int, enrolment_id: int) -> ResponseReturnValue:
    """Who is rung first, and who each guardian is to the child."""
    child = own_child(person_id)
    enrolment = own_enrolment(child, enrolment_id)
    guardians = [each.guardian for each in acting.guardians_of(child, on=clock.today(centre_zone()))]
    form, back = callers_form(enrolment, guardians), url_for(".show", person_id=child.id)

    def order() -> None:
        enrolling.reorder(enrolment, form.in_order(), by=current_user.person, now=clock.now())

    if is_done(form, order):
        return go_on(_("Changed."), back)
    return form_page("resident/children/callers.html", form, child=child, back=back)


@blueprint.route("/children/<id:person_id>/places/<id:enrolment_id>/reasons", methods=["GET", "POST"])
@signed_in
def reasons(person_id: int, enrolment_id: int) -> ResponseReturnValue:
    """Reasons for priority: named until enrolment closes, withdrawn until lots are drawn."""
    child = own_child(person_id)
    enrolment = own_enrolment(child, enrolment_id)
    form, back, me = (
        ReasonsForm(data=named_reasons(enrolment)),
        url_for(".show", person_id=child.id),
        current_user.person,
    )
    form.offer(enrolment)
    act = lambda: priorities.say(enrolment, form.chosen(), guardian=me, by=me, now=clock.now())  # noqa: E731
    if is_done(form, act):
        return go_on(_("Written down. Staff look at each, and you hear what they decide."), back)
    return form_page("resident/children/reasons.html", form, child=child, back=back)


@blueprint.route("/children/<id:person_id>/places/<id:enrolment_id>/pause", methods=["GET", "POST"])
@signed_in
def pause(person_id: int, enrolment_id: int) -> ResponseReturnValue:
    """The child does not come for a while; the place stays."""
    child = own_child(person_id)
    enrolment = own_enrolment(child, enrolment_id)
    form, back = PauseForm(data={"first": clock.today(centre_zone())}), url_for(".show", person_id=child.id)

    def act() -> None:
        ending.pause(enrolment, first=form.first.data, last=form.last.data, by=current_user.person, now=clock.now())

    if is_done(form, act):
        return go_on(_("The place is paused. It stays the child's."), back)
    return form_page("resident/children/pause.html", form, child=child, back=back)


@blueprint.post("/children/<id:person_id>/places/<id:enrolment_id>/resume")
@signed_in
def resume(person_id: int, enrolment_id: int) -> ResponseReturnValue:
    """The child comes again."""
    child = own_child(person_id)
    enrolment = own_enrolment(child, enrolment_id)
    did(lambda: ending.resume(enrolment, by=current_user.person, now=clock.now()), _("The child comes again."))
    return redirect(url_for(".show", person_id=child.id), 303)


@blueprint.route("/children/<id:person_id>/places/<id:enrolment_id>/leave", methods=["GET", "POST"])
@signed_in
def leave(person_id: int, enrolment_id: int) -> ResponseReturnValue:
    """Do without the place, or wait for one no longer."""
    child = own_child(person_id)
    enrolment = own_enrolment(child, enrolment_id)
    form, back, me = LeaveForm(), url_for(".show", person_id=child.id), current_user.person
    act = lambda: ending.leave(enrolment, guardian=me, by=me, now=clock.now(), reason=form.reason.data or "")  # noqa: E731
    if is_done(form, act):
        return go_on(_("It has ended. Thank you for saying so."), back)
    [card] = [each for each in cards_of(child) if each.enrolment.id == enrolment.id]
    return form_page("resident/children/leave.html", form, child=child, card=card, back=back)


@blueprint.get("/children/<id:person_id>/data")
@signed_in
def data(person_id: int) -> ResponseReturnValue:
    """A copy of everything that the centre knows of one's child, to read and to print."""
    child = own_child_read(person_id)
    require_recent_proof()
    return copy_page(child)


@blueprint.get("/children/<id:person_id>/data.json")
@signed_in
def data_file(person_id: int) -> ResponseReturnValue:
    """The same as a file."""
    child = own_child_read(person_id)
    require_recent_proof()
    return copy_file(child)


@blueprint.route("/children/<id:person_id>/delete", methods=["GET", "POST"])
@signed_in
def ask_deletion(person_id: int) -> ResponseReturnValue:
    """Ask that the centre forgets the child: the director sees to it, and says what must stay and why."""
    child = own_child(person_id)
    form, back = BaseForm(), url_for(".show", person_id=child.id)

    def ask() -> DeletionAsk:
        me = current_user.person
        return deletions.ask(child, me, words="", by=me, now=clock.now())

    if is_done(form, ask):
        return go_on(_("The director has it. You hear what was deleted, and what must stay and why."), back)
    return form_page("resident/children/ask_deletion.html", form, child=child, back=back)


def cards_of(child: Person) -> list[PlaceCard]:
    """The child's terms, the latest first."""
    now = clock.now()
    found = []
    for each in enrolments.of_child(child):
        place = place_of(each, on=local_date(now), now=now)
        found.append(
            PlaceCard(
                enrolment=each,
                place=place,
                number=place_in_queue(each.sign_up),
                seal=seal(facts_of_date(read(each.sign_up.roster))) if place is Place.OFFERED else "",
                events=enrolments.events_of(each),
                has_days=bool(weeks.week_of(each)),
            )
        )
    return found
