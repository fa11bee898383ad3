"""What an organisation agreed, at the desk: terms, seats and lockers, keys, and what it can do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.incubator import policy
from center.incubator.agreements import cards, queries, room_hours, terms
from center.incubator.agreements.cards import CardWords
from center.incubator.agreements.queries import Term
from center.incubator.agreements.terms import TermFacts
from center.incubator.agreements.words import CARD_PARTS, MOMENTS, SEAT_KINDS
from center.incubator.models.agreements import Agreement, CapabilityCard, CardMoment, KeyGiven
from center.incubator.models.incubations import Incubation
from center.incubator.queries import get_incubation
from center.kernel import clock
from center.kernel.access import Permission, authorise, requires
from center.kernel.access_log import Kind
from center.kernel.i18n import gettext as _
from center.kernel.i18n import local_date
from center.web.blueprints import desk as blueprint
from center.web.browser_rights import accepts_file
from center.web.desk.incubator.house_forms import CardForm, KeyForm, SeatForm, SignedForm, TermForm
from center.web.incubation.files import MOST_SENT, file_in
from center.web.people import looks
from center.web.people.searching import picked, search
from center.web.rendering import render
from center.web.sending import did, form_page, go_on, is_done


@dataclass(frozen=True, kw_only=True)
class HousePage:
    """All that an organisation agreed and has."""

    incubation: Incubation
    terms: Sequence[Term]
    keys: Sequence[KeyGiven]
    cards: Mapping[CardMoment, CapabilityCard]
    minutes: int
    month: date
    today: date
    may_decide: bool
    kinds: Mapping[Any, Any]
    moments: Mapping[Any, Any]
    parts: Mapping[str, Any]


@blueprint.get("/desk/incubator/<application>/agreement")
@requires(Permission.RUN_INCUBATOR)
def agreement(application: str) -> ResponseReturnValue:
    """The terms of an organisation, its seats, lockers and keys, the hours it used, and its cards."""
    found, today = get_incubation(application), local_date(clock.now())
    keys = queries.keys_of(found.id)
    looks.see(Kind.ROLL, [each.person for each in keys], subject=found.organisation.name)
    page = HousePage(
        incubation=found,
        terms=queries.terms_of(found.id),
        keys=keys,
        cards=queries.cards_of(found.id),
        minutes=room_hours.minutes_used([found.organisation_id], today).get(found.organisation_id, 0),
        month=today,
        today=today,
        may_decide=policy.may_decide(current_user, found),
        kinds=SEAT_KINDS,
        moments=MOMENTS,
        parts=CARD_PARTS,
    )
    return render("desk/incubator/agreement.html", page)


@blueprint.route("/desk/incubator/<application>/agreement/new", methods=["GET", "POST"])
@requires(Permission.RUN_INCUBATOR)
def enter_agreement(application: str) -> ResponseReturnValue:
    """Enter a term, or extend it: the director, or whoever has the organisation by name."""
    found = get_incubation(application)
    authorise(policy.may_decide(current_user, found))
    before, today, back = queries.latest_agreement(found.id), local_date(clock.now()), _to(found)
    form = TermForm(data={"starts_on": today, "room_hours": before.room_hours if before else 20})

    def agree() -> Agreement:
        facts = TermFacts(
            starts_on=form.starts_on.data,
            ends_on=form.ends_on.data,
            room_hours=form.room_hours.data,
            reason=form.reason.data or "",
        )
        return terms.agree(found, facts, by=current_user.person, now=clock.now())

    if is_done(form, agree, then=back):
        return go_on(_("The term is entered."), back)
    return form_page("desk/incubator/new_agreement.html", form, incubation=found, before=before)


@blueprint.route("/desk/incubator/<application>/agreement/<id:agreement_id>/paper", methods=["GET", "POST"])
@requires(Permission.RUN_INCUBATOR)
@accepts_file(MOST_SENT)
def sign_agreement(application: str, agreement_id: int) -> ResponseReturnValue:
    """Keep the paper on which a term is signed; one that is there stays as an earlier version."""
    found = get_incubation(application)
    term, form, back = queries.get_agreement(found.id, agreement_id), SignedForm(), _to(found)

    def keep() -> object:
        name, content = file_in(form.file)
        return terms.sign(term, name=name, content=content, by=current_user.person, now=clock.now())

    if is_done(form, keep):
        return go_on(_("The signed agreement is kept, encrypted."), back)
    return form_page("desk/incubator/sign_agreement.html", form, incubation=found, term=term)


@blueprint.route("/desk/incubator/<application>/seats", methods=["GET", "POST"])
@requires(Permission.RUN_INCUBATOR)
def let_seat(application: str) -> ResponseReturnValue:
    """Let a seat or a locker within the last term."""
    found, today = get_incubation(application), local_date(clock.now())
    term = queries.latest_agreement(found.id)
    authorise(term is not None)
    assert term is not None
    form, taken, back = SeatForm(), queries.lettings_on(today), _to(found)
    if not form.is_submitted():
        form.starts_on.data, form.ends_on.data = max(today, term.starts_on), term.ends_on
    form.offer([each for each in queries.seats() if each.id not in taken])

    def let() -> object:
        seat = queries.get_seat(form.seat.data)
        dates = {"starts_on": form.starts_on.data, "ends_on": form.ends_on.data}
        return terms.let(seat, term, **dates, by=current_user.person, now=clock.now())

    if is_done(form, let, then=back):
        return go_on(_("It is let."), back)
    return form_page("desk/incubator/new_letting.html", form, incubation=found, term=term)


@blueprint.post("/desk/incubator/<application>/seats/<id:letting_id>/take-back")
@requires(Permission.RUN_INCUBATOR)
def take_seat_back(application: str, letting_id: int) -> ResponseReturnValue:
    """A seat or a locker is empty again."""
    found = get_incubation(application)
    letting = queries.get_letting(found.id, letting_id)
    did(lambda: terms.take_back(letting, by=current_user.person, now=clock.now()), _("It is back."))
    return redirect(_to(found), 303)


@blueprint.route("/desk/incubator/<application>/keys", methods=["GET", "POST"])
@requires(Permission.RUN_INCUBATOR)
def give_key(application: str) -> ResponseReturnValue:
    """Give somebody a key; they are searched for like everywhere at the desk."""
    found, person, form = get_incubation(application), picked("person"), KeyForm()
    if person is not None and is_done(
        form,
        lambda: terms.give_key(found, person, what=form.what.data or "", by=current_user.person, now=clock.now()),
    ):
        return go_on(_("%(name)s has the key.", name=person.name), _to(found))
    return form_page("desk/incubator/give_key.html", form, incubation=found, person=person, search=search())


@blueprint.post("/desk/incubator/<application>/keys/<id:key_id>/take-back")
@requires(Permission.RUN_INCUBATOR)
def take_key_back(application: str, key_id: int) -> ResponseReturnValue:
    """A key is back."""
    found = get_incubation(application)
    key = queries.get_key(found.id, key_id)
    did(lambda: terms.take_key(key, found, by=current_user.person, now=clock.now()), _("It is back."))
    return redirect(_to(found), 303)


@blueprint.route("/desk/incubator/<application>/cards/<which>", methods=["GET", "POST"])
@requires(Permission.RUN_INCUBATOR)
def capability_card(application: str, which: str) -> ResponseReturnValue:
    """What an organisation can do when it comes or leaves, in words."""
    found = get_incubation(application)
    authorise(which in set(CardMoment))
    moment = CardMoment(which)
    card = queries.cards_of(found.id).get(moment)
    form = CardForm(data={name: getattr(card, name) for name in CARD_PARTS} if card else None)

    def write() -> object:
        words = CardWords(**{name: form[name].data or "" for name in CARD_PARTS})
        return cards.write_card(found, moment, words, by=current_user.person, now=clock.now())

    if is_done(form, write):
        return go_on(_("Saved."), _to(found))
    return form_page("desk/incubator/card.html", form, incubation=found, name=MOMENTS[moment], card=card)


def _to(found: Incubation) -> str:
    return url_for("desk.agreement", application=found.number)
