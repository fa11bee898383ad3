"""What a guardian agreed to for a child: each by its text, with its history; taken back one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from center.afterschool.models.consents import ChildConsent, Purpose
from center.afterschool.places import consents, ending
from center.afterschool.places.consents import PURPOSES, WITHOUT, Text
from center.afterschool.retention import periods
from center.afterschool.words import MEANS
from center.afterschool.words import PURPOSES as NAMES
from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.i18n import gettext as _
from center.people.models import Person
from center.web.after_school.consent_fields import YES
from center.web.blueprints import children as blueprint
from center.web.forms import BaseForm
from center.web.rendering import render
from center.web.resident.children.forms import ConsentForm
from center.web.resident.children.own_child import own_child
from center.web.resident.children.record_access import own_hand
from center.web.sending import go_on, is_done


@dataclass(frozen=True, kw_only=True)
class ConsentsPage:
    """Every purpose with what stands of it, and all that was said before."""

    child: Person
    texts: Mapping[Purpose, Text]
    live: Mapping[Purpose, ChildConsent]
    history: Sequence[ChildConsent]
    kept: Sequence[tuple[Any, str]]  # what is kept how long
    names: Mapping[Any, Any] = field(default_factory=lambda: NAMES)
    means: Mapping[Any, Any] = field(default_factory=lambda: MEANS)
    without: Mapping[Any, Any] = field(default_factory=lambda: WITHOUT)


@dataclass(frozen=True, kw_only=True)
class ConsentPage:
    """One text, and what it means not to agree."""

    child: Person
    text: Text
    name: Any
    without: Any
    form: BaseForm
    back: str


@blueprint.get("/children/<id:person_id>/consents")
@signed_in
def consents_of(person_id: int) -> ResponseReturnValue:
    """Each consent by its text, and what was said when by whom."""
    child = own_child(person_id)
    texts, live, history = consents.texts_now(), consents.live_of(child), consents.history_of(child)
    page = ConsentsPage(child=child, texts=texts, live=live, history=history, kept=periods.in_words())
    return render("resident/children/consents.html", page)


@blueprint.route("/children/<id:person_id>/consents/<purpose>", methods=["GET", "POST"])
@signed_in
def say_consent(person_id: int, purpose: str) -> ResponseReturnValue:
    """Read one text, and agree or not."""
    child, which = own_child(person_id), _purpose(purpose)
    text, form, back = consents.texts_now()[which], ConsentForm(), url_for(".consents_of", person_id=person_id)

    def say() -> ChildConsent:
        said = {"is_given": form.answer.data == YES, "version": text.version}
        return consents.say(child, which, **said, hand=own_hand(), now=clock.now())

    if is_done(form, say):
        return go_on(_("Written down."), back)
    page = _page(child, text, form, back)
    return render("resident/children/consent.html", page), form.exact_status


@blueprint.route("/children/<id:person_id>/consents/<purpose>/take-back", methods=["GET", "POST"])
@signed_in
def take_back_consent(person_id: int, purpose: str) -> ResponseReturnValue:
    """Take a consent back, after reading what that means."""
    child, which = own_child(person_id), _purpose(purpose)
    form, back = BaseForm(), url_for(".consents_of", person_id=person_id)
    act = lambda: ending.take_back_consent(child, which, hand=own_hand(), now=clock.now())  # noqa: E731
    if is_done(form, act):
        return go_on(_("Taken back. What it had let in is deleted."), back)
    page = _page(child, consents.texts_now()[which], form, back)
    return render("resident/children/take_back.html", page), form.exact_status


def _page(child: Person, text: Text, form: BaseForm, back: str) -> ConsentPage:
    name, without = NAMES[text.purpose], WITHOUT[text.purpose]
    return ConsentPage(child=child, text=text, name=name, without=without, form=form, back=back)


def _purpose(text: str) -> Purpose:
    authorise(text in set(PURPOSES))
    return Purpose(text)
