"""Pages of the desk."""

from datetime import date, timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.bookings.models import Channel
from center.kernel import clock
from center.kernel.access import Permission, may, requires
from center.kernel.db import transaction
from center.kernel.i18n import gettext as _
from center.kernel.i18n import local_date
from center.notices.queries import withdrawn_among
from center.people import records
from center.people.models import Person
from center.people.queries import buildings
from center.people.search_terms import names_a_door
from center.web.blueprints import desk as blueprint
from center.web.desk import queries, rules
from center.web.desk.forms import PersonForm, WhenForm, person_values
from center.web.desk.people.erasing_views import show_erased
from center.web.desk.people.person_page import person_page
from center.web.desk.typed import address_meant
from center.web.editing import watch
from center.web.forms import asked_date, id_of
from center.web.people import looks
from center.web.people.searching import search
from center.web.rendering import render
from center.web.sending import form_page, go_on, is_done, result_of
from center.web.sign_ups.pages import sign_ups_ahead


@blueprint.get("/desk/people")
@requires(Permission.FIND_PEOPLE)
def people() -> ResponseReturnValue:
    """Whom or what the search box means; a number opens its thing at once, a single match their page."""
    if address := address_meant(request.args.get("q", "")):
        return redirect(address)
    asked = search()
    if len(asked.found) == 1:
        return redirect(url_for("desk.person", person_id=asked.found[0].id))
    if names_a_door(asked.text):
        looks.see_doors(asked.found)
    withdrawn = withdrawn_among(asked.found) if asked.found else ()
    return render_template("desk/people.html", search=asked, withdrawn=withdrawn)


@blueprint.get("/desk/people/<id:person_id>")
@requires(Permission.FIND_PEOPLE)
def person(person_id: int) -> ResponseReturnValue:
    """What the centre knows of a person, and what they have booked."""
    found = queries.get_whole_person(person_id, even_erased=True)
    return _person_page(found) if found.erased_at is None else show_erased(found)


@blueprint.post("/desk/people/<id:person_id>/phone")
@requires(Permission.EDIT_PEOPLE)
def show_phone(person_id: int) -> ResponseReturnValue:
    """The same page with the whole phone number; who looked at it is written down, and what for."""
    with transaction():
        phone = records.tell_phone(queries.get_whole_person(person_id), by=current_user.person)
    looks.see_phone(queries.get_whole_person(person_id), purpose=request.form.get("purpose", ""))
    return _person_page(queries.get_whole_person(person_id), phone=phone)


@blueprint.get("/desk/people/<id:person_id>/book")
@requires(Permission.BOOK_FOR_ANYONE)
def book_for(person_id: int) -> ResponseReturnValue:
    """Rooms with their next free times, for somebody at the desk or on the phone."""
    now = clock.now()
    day = _asked_day()
    channel = Channel.PHONE if request.args.get("channel") == Channel.PHONE else Channel.DESK
    return render_template(
        "desk/book_for.html",
        person=queries.get_whole_person(person_id),
        form=WhenForm(data={"date": day, "channel": channel.value}),
        day=day,
        today=local_date(now),
        earlier=day - timedelta(days=1),
        later=day + timedelta(days=1),
        channel=channel,
        offers=queries.offers(day, now=now),
    )


@blueprint.route("/desk/people/new", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE)
def new_person() -> ResponseReturnValue:
    """Write down somebody the centre did not know."""
    form = PersonForm(data=rules.prefilled(request.args.get("q", ""), queries.building_ids()))
    form.offer(buildings())

    def add() -> Person:
        given = {"by": current_user.person, "now": clock.now(), "is_somebody_else": form.is_somebody_else.data}
        return records.add_person(form.record(), **given)

    if added := result_of(form, add, then=_after_adding):
        return go_on(_("%(name)s was added.", name=added.name), _after_adding(added))
    alike = form.refusal.people if isinstance(form.refusal, records.LooksKnown) else ()
    return form_page("desk/new_person.html", form, known=[queries.get_whole_person(each.id) for each in alike])


@blueprint.route("/desk/people/<id:person_id>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE)
def edit_person(person_id: int) -> ResponseReturnValue:
    """Correct what the centre knows of a person."""
    person = queries.get_whole_person(person_id)
    form = watch(lambda **given: PersonForm(data=person_values(person), **given))
    form.offer(buildings())
    looks.see_phone(person)
    if is_done(form, lambda: records.edit_person(person, form.record(), by=current_user.person, now=clock.now())):
        return go_on(_("The record was changed."), _page_of(person))
    return form_page(
        "desk/edit_person.html", form, person=queries.get_whole_person(person_id) if form.refusal else person
    )


def _person_page(person: Person, *, phone: str | None = None) -> ResponseReturnValue:
    sees = may(Permission.SEE_BOOKINGS) and may(Permission.SIGN_UP_ANYONE)
    signed_up = sign_ups_ahead([person.id]) if sees else []
    page = person_page(person, signed_up, now=clock.now(), phone=phone, goes_on="done" in request.args)
    return render("desk/person.html", page)


def _after_adding(person: Person) -> str:
    """Their page, or what they were written down for: an activity, a session that is on, a free time of a room."""
    roster_id, session_id = id_of(request.args.get("roster", "")), id_of(request.args.get("session", ""))
    if roster_id is not None and may(Permission.SIGN_UP_ANYONE):
        return url_for("desk.sign_up_people", roster_id=roster_id, person=person.id)
    if session_id is not None and may(Permission.SIGN_UP_ANYONE):
        return url_for("desk.walk_in", date_id=session_id, q=person.name)
    if request.args.get("room") and may(Permission.BOOK_FOR_ANYONE):
        when: dict[str, Any] = {name: request.args.get(name) for name in ("date", "start", "channel")}
        return url_for("bookings.start", code=request.args["room"], person=person.id, **when)
    return _page_of(person)


def _page_of(person: Person) -> str:
    return url_for("desk.person", person_id=person.id)


def _asked_day() -> date:
    """The day asked for; today for none, one that is over, and one too far off."""
    now = clock.now()
    today = local_date(now)
    day = asked_date() or today
    return day if today <= day <= queries.last_bookable_day(now) else today
