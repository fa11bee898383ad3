"""Pages of partners: who they are, when they served, and the statements made from that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.incubator.models.partners import Partner, ServiceDay, ServiceTurn
from center.incubator.partners import actions, queries, rules
from center.incubator.partners.queries import DayLine, Record
from center.incubator.partners.rules import Period
from center.incubator.partners.words import KIND_NAMES, ONE_OF, period_name
from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.access_log import Kind
from center.kernel.i18n import gettext as _
from center.kernel.i18n import local_date
from center.people.models import Person
from center.people.records import get_person
from center.web.blueprints import desk as blueprint
from center.web.desk.partners.forms import DayForm, NewPartnerForm, PartnerForm, RegisterForm, TurnForm
from center.web.editing import watch
from center.web.people import looks
from center.web.people.searching import picked, search
from center.web.rendering import render
from center.web.sending import did, form_page, go_on, is_done, result_of

NOTHING = Record()


@dataclass(frozen=True, kw_only=True)
class PartnersPage:
    """All partners with what they did this year."""

    partners: Sequence[Partner]
    records: Mapping[int, Record]
    period: str
    kinds: Mapping[Any, Any]


@dataclass(frozen=True, kw_only=True)
class UnitStatement:
    """What a partner did in a year, day by day, and who came."""

    partner: Partner
    name: str
    days: Sequence[DayLine]
    record: Record
    served: Sequence[tuple[Person, int, int]]
    kinds: Mapping[Any, Any]


@dataclass(frozen=True, kw_only=True)
class PersonStatement:
    """When somebody served in half a year."""

    person: Person
    name: str
    turns: Sequence[ServiceTurn]
    minutes: int


@blueprint.get("/desk/partners")
@requires(Permission.RUN_INCUBATOR)
def partners() -> ResponseReturnValue:
    """Member units and teams, with their days of service of this year."""
    period = rules.Period(_today().year)
    page = PartnersPage(
        partners=queries.partners(with_retired=True),
        records=queries.records(period),
        period=period_name(period),
        kinds=KIND_NAMES,
    )
    return render("desk/partners/list.html", page)


@blueprint.route("/desk/partners/new", methods=["GET", "POST"])
@requires(Permission.RUN_INCUBATOR)
def new_partner() -> ResponseReturnValue:
    """One more partner."""
    form = NewPartnerForm()
    if made := result_of(form, lambda: actions.enter_partner(form.facts, by=current_user.person), then=_to):
        return go_on(_("The partner is here now."), _to(made))
    return form_page("desk/partners/new.html", form)


@blueprint.route("/desk/partners/<id:partner_id>", methods=["GET", "POST"])
@requires(Permission.RUN_INCUBATOR)
def partner(partner_id: int) -> ResponseReturnValue:
    """A partner, its days of the last year, and one more of them."""
    found, today = queries.get_partner(partner_id), _today()
    form = DayForm(data={"on_date": today, "reached": 0})
    write = lambda: actions.write_day(found, form.facts, by=current_user.person, now=clock.now())  # noqa: E731
    if made := result_of(form, write, then=_to_day):
        return go_on(_("Written down. Next, say who came."), _to_day(made))
    return form_page(
        "desk/partners/partner.html",
        form,
        partner=found,
        days=list(reversed(queries.days_of(found.id, today - rules.LONGEST, today))),
        years=[(each, period_name(each)) for each in rules.periods_back(today, has_halves=False)],
        one_of=ONE_OF,
    )


@blueprint.route("/desk/partners/<id:partner_id>/edit", methods=["GET", "POST"])
@requires(Permission.RUN_INCUBATOR)
def edit_partner(partner_id: int) -> ResponseReturnValue:
    """What is known of a partner."""
    found = queries.get_partner(partner_id)
    names = ("kind", "name", "name_en", "contact", "offers", "offers_en", "is_retired")
    form = watch(lambda **given: PartnerForm(data={name: getattr(found, name) for name in names}, **given))
    if is_done(form, lambda: actions.edit_partner(found, form.facts, by=current_user.person)):
        return go_on(_("Saved."), _to(found))
    return form_page("desk/partners/edit.html", form, partner=found)


@blueprint.route("/desk/partners/days/<id:service_day_id>", methods=["GET", "POST"])
@requires(Permission.RUN_INCUBATOR)
def service_day(service_day_id: int) -> ResponseReturnValue:
    """Who came on a day of service; one more, searched for like everywhere at the desk."""
    day, person = queries.get_service_day(service_day_id), picked("person")
    form = TurnForm(data={"minutes": 120})
    if person is not None and is_done(form, lambda: actions.write_turn(day, person, minutes=form.minutes.data)):
        return go_on(_("%(name)s is written down.", name=person.name), _to_day(day))
    turns = queries.turns_on([day.id]).get(day.id, [])
    looks.see(Kind.ROLL, [each.person for each in turns], subject=day.partner.name)
    sessions = queries.sessions_on(day.on_date)
    linking = RegisterForm(formdata=None, data={"session": day.session_id or 0}).offer(sessions) if sessions else None
    return form_page(
        "desk/partners/day.html",
        form,
        day=day,
        turns=turns,
        search=search(),
        person=person,
        register_form=linking,
        reached=queries.came_to([day.session_id]).get(day.session_id or 0, day.reached),
        linked=next((each for each in sessions if each.id == day.session_id), None),
    )


@blueprint.post("/desk/partners/days/<id:service_day_id>/register")
@requires(Permission.RUN_INCUBATOR)
def link_service_day(service_day_id: int) -> ResponseReturnValue:
    """Let a register say how many a day of service reached."""
    day = queries.get_service_day(service_day_id)
    sessions = {each.id: each for each in queries.sessions_on(day.on_date)}
    form = RegisterForm().offer(list(sessions.values()))
    if is_done(form, lambda: actions.link_register(day, sessions.get(form.session.data), by=current_user.person)):
        return go_on(_("Saved. Statements count from the register."), _to_day(day))
    flash(_("Please choose one of the registers of that day."), "error")
    return redirect(_to_day(day), 303)


@blueprint.post("/desk/partners/days/<id:service_day_id>/<id:turn_id>/strike")
@requires(Permission.RUN_INCUBATOR)
def strike_turn(service_day_id: int, turn_id: int) -> ResponseReturnValue:
    """Somebody was written down by mistake."""
    turn = queries.get_turn(service_day_id, turn_id)
    did(lambda: actions.strike_turn(turn), _("Taken back."))
    return redirect(url_for("desk.service_day", service_day_id=service_day_id), 303)


@blueprint.get("/desk/partners/<id:partner_id>/statement")
@requires(Permission.RUN_INCUBATOR)
def partner_statement(partner_id: int) -> ResponseReturnValue:
    """What a partner did in a year, on paper: made from its days."""
    found = queries.get_partner(partner_id)
    period = rules.read_period(request.args.get("year", ""), has_halves=False, today=_today())
    served = queries.served_of(found.id, period)
    looks.see(Kind.ROLL, [person for person, _days, _minutes in served], subject=found.name)
    statement = UnitStatement(
        partner=found,
        name=period_name(period),
        days=queries.days_of(found.id, period.first_on, period.last_on),
        record=queries.records(period).get(found.id, NOTHING),
        served=served,
        kinds=ONE_OF,
    )
    return render("desk/partners/print_partner.html", statement)


@blueprint.get("/desk/partners/people/<id:person_id>/statement")
@requires(Permission.RUN_INCUBATOR)
def person_statement(person_id: int) -> ResponseReturnValue:
    """When somebody served in half a year, on paper."""
    person = get_person(person_id)
    period: Period = rules.read_period(request.args.get("half", ""), has_halves=True, today=_today())
    turns = queries.days_served(person.id, period)
    minutes = sum(each.minutes for each in turns)
    page = PersonStatement(person=person, name=period_name(period), turns=turns, minutes=minutes)
    return render("desk/partners/print_person.html", page)


def _to(found: Partner) -> str:
    return url_for("desk.partner", partner_id=found.id)


def _to_day(day: ServiceDay) -> str:
    return url_for("desk.service_day", service_day_id=day.id)


def _today() -> date:
    return local_date(clock.now())
