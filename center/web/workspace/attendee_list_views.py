"""The roll of a session for those who run it, and the driver's list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup
from wtforms import BooleanField, SelectField

from center.activities.models import Activity, Session
from center.activities.policy import may_decide, may_edit
from center.activities.queries import get_activity
from center.kernel import clock, tables
from center.kernel.access import Permission, authorise, may, signed_in
from center.kernel.access_log import Kind
from center.kernel.db import transaction
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.logs import log
from center.people.households import door_words
from center.people.models import Person
from center.signups.attendee_lists import drivers, queries, sheet
from center.signups.models import Audience, Question, SignUp
from center.signups.models.attendee_lists import Driver
from center.web.activities.pages import decided, led_ids, may_work_for, not_confined, session_of, written_ids
from center.web.blueprints import posting as blueprint
from center.web.blueprints import signups as sign_up_pages
from center.web.forms import BaseForm, id_of
from center.web.people import looks
from center.web.qr import qr_code
from center.web.rendering import render
from center.web.sending import form_page, go_on, is_done

BLANK_ROWS, MOST_BLANK_ROWS = 8, 40


@dataclass(frozen=True, kw_only=True)
class RollPage:
    """Who comes to a session, as far as whoever runs it may know them."""

    guests: Sequence[Person]
    activity: Activity
    session: Session
    questions: Sequence[Question]
    people: Sequence[sheet.AttendeeLine]
    drivers: Sequence[Driver]
    knows_all: bool
    may_decide: bool
    volunteers: int


@dataclass(frozen=True, kw_only=True)
class SheetPage:
    """The same on paper: with rows for walk-ins, and a code that leads to its register."""

    roll: RollPage
    blank: int
    qr: Markup


@dataclass(frozen=True, kw_only=True)
class PickUpsPage:
    """Whom to fetch for a session, and where."""

    activity: Activity
    session: Session
    pick_ups: Sequence[SignUp]
    door_words: Callable[[Person], str] = door_words


class DriverForm(BaseForm):
    """Who picks people up."""

    person = SelectField(_l("Who drives"), coerce=int)
    is_for_all = BooleanField(_l("For all coming dates"))


@blueprint.get("/workspace/activities/<slug>/sessions/<id:date_id>/roll")
@signed_in
def roll(slug: str, date_id: int) -> ResponseReturnValue:
    """Who comes to a session: names, ages in bands, wishes and answers; never doors."""
    return render("workspace/attendee_lists/roll.html", _roll(slug, date_id))


@blueprint.get("/workspace/activities/<slug>/sessions/<id:date_id>/roll/print")
@signed_in
def print_roll(slug: str, date_id: int) -> ResponseReturnValue:
    """The roll on paper, with room to sign, and rows for those who walk in."""
    asked = id_of(request.args.get("blank", "")) or (0 if request.args.get("blank") == "0" else BLANK_ROWS)
    register = url_for("posting.register", slug=slug, date_id=date_id, _external=True)
    sheet_page = SheetPage(
        roll=_roll(slug, date_id), blank=min(asked, MOST_BLANK_ROWS), qr=qr_code(register, is_sized=False)
    )
    return render("workspace/attendee_lists/print_roll.html", sheet_page)


@blueprint.get("/workspace/activities/<slug>/sessions/<id:date_id>/roll.xlsx")
@signed_in
def roll_table(slug: str, date_id: int) -> ResponseReturnValue:
    """The roll as a table for the ledger; for those who prepare the activity."""
    shown = _roll(slug, date_id)
    authorise(shown.knows_all)
    looks.see(Kind.EXPORT, shown.guests, subject=shown.activity.title)
    log.info("roll_exported", session=shown.session.id, by=current_user.person_id, people=len(shown.people))
    table = sheet.table(shown.session, shown.people, shown.questions)
    return tables.download(table, name=sheet.file_name(shown.session))


@blueprint.route("/workspace/activities/<slug>/sessions/<id:date_id>/drivers", methods=["GET", "POST"])
@signed_in
def name_drivers(slug: str, date_id: int) -> ResponseReturnValue:
    """Who picks people up for a session: named by the lead, who sees how many there are and not where."""
    activity = decided(slug)
    session, now = session_of(activity, date_id), clock.now()
    form, found = DriverForm(), queries.may_drive(session, now=now)
    form.person.choices = [(each.id, each.name) for each in found]

    def name() -> None:
        for each in _meant(activity, session, is_for_all=form.is_for_all.data):
            drivers.name_driver(each, form.person.data, by=current_user.person, now=now)

    if is_done(form, name):
        said = _("Saved. They hear of it, and see the addresses until they are back.")
        return go_on(said, url_for("posting.name_drivers", slug=slug, date_id=date_id))
    return form_page(
        "workspace/attendee_lists/drivers.html",
        form,
        activity=activity,
        session=session,
        count=queries.count_pick_ups([session]).get(session.id, 0),
        drivers=queries.drivers_of(session),
        may_see_doors=may(Permission.SIGN_UP_ANYONE),
    )


@blueprint.post("/workspace/activities/<slug>/sessions/<id:date_id>/drivers/<id:driver_id>/remove")
@signed_in
def remove_driver(slug: str, date_id: int, driver_id: int) -> ResponseReturnValue:
    """Somebody no longer picks people up."""
    session = session_of(decided(slug), date_id)
    driver = queries.get_driver(session, driver_id)
    with transaction():
        drivers.take_back(driver, by=current_user.person, now=clock.now())
    return go_on(
        _("They no longer see the addresses. You can name them again."),
        url_for("posting.name_drivers", slug=slug, date_id=date_id),
    )


@sign_up_pages.get("/workspace/activities/<slug>/sessions/<id:date_id>/pick-ups")
@signed_in
def pick_ups(slug: str, date_id: int) -> ResponseReturnValue:
    """Whom to fetch, and where: for the driver and the desk alone."""
    return render("workspace/attendee_lists/pick_ups.html", _pick_ups(slug, date_id))


@sign_up_pages.get("/workspace/activities/<slug>/sessions/<id:date_id>/pick-ups/print")
@signed_in
def print_pick_ups(slug: str, date_id: int) -> ResponseReturnValue:
    """The same on paper, for the driver's pocket."""
    shown = _pick_ups(slug, date_id)
    for each in shown.pick_ups:
        looks.see_phone(each.person)
    return render("workspace/attendee_lists/print_pick_ups.html", shown)


def _roll(slug: str, date_id: int) -> RollPage:
    activity, now = get_activity(slug), clock.now()
    authorise(may_work_for(activity.organisation_id))
    not_confined(activity)
    session = session_of(activity, date_id)
    knows_all = may_edit(activity, current_user, written_ids())
    questions = queries.questions_of(session) if knows_all else ()
    coming = queries.coming_to(session)
    guests = [each.person for each in coming]
    looks.see(Kind.ROLL, guests, subject=activity.title)
    return RollPage(
        guests=guests,
        activity=activity,
        session=session,
        questions=questions,
        people=sheet.lines(coming, questions, now=now),
        drivers=queries.drivers_of(session),
        knows_all=knows_all,
        may_decide=may_decide(activity, current_user, led_ids()),
        volunteers=len(queries.coming_to(session, audience=Audience.VOLUNTEERS)),
    )


def _pick_ups(slug: str, date_id: int) -> PickUpsPage:
    activity, now = get_activity(slug), clock.now()
    not_confined(activity)
    session = session_of(activity, date_id)
    may_see = may(Permission.SIGN_UP_ANYONE) or queries.drives(current_user.person_id, session, now=now)
    authorise(may_see)
    log.info("pick_ups_read", session=session.id, by=current_user.person_id)
    found = queries.pick_ups(session) if session.is_scheduled or session.ends_at <= now else []
    looks.see_doors(each.person for each in found)
    return PickUpsPage(activity=activity, session=session, pick_ups=found)


def _meant(activity: Activity, session: Session, *, is_for_all: bool) -> list[Session]:
    coming = [each for each in activity.sessions if each.is_scheduled and each.ends_at > clock.now()]
    return [session, *(each for each in coming if is_for_all and each.id != session.id)]
