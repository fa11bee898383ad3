"""Volunteer hours at the desk: what waits where, and somebody's hours with their certificate."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.attendance.hours import certificates, queries
from center.kernel import clock
from center.kernel.access import Permission, requires
from center.people.records import get_person
from center.web.blueprints import desk as blueprint
from center.web.hours.certificate_page import certificate_page
from center.web.hours.lines import by_month, lines_of


@blueprint.get("/desk/hours")
@requires(Permission.SIGN_UP_ANYONE)
def hours() -> ResponseReturnValue:
    """Where volunteer hours wait for somebody who decides."""
    waiting = queries.counts_waiting(now=clock.now())
    return render_template("desk/hours/waiting.html", waiting=waiting, to_review=queries.count_to_review())


@blueprint.get("/desk/people/<id:person_id>/hours")
@requires(Permission.SIGN_UP_ANYONE)
def hours_of(person_id: int) -> ResponseReturnValue:
    """The hours that somebody gave."""
    person = get_person(person_id)
    lines = lines_of(queries.shifts_of(person.id), by_id=current_user.person_id, now=clock.now())
    return render_template(
        "desk/hours/of_person.html",
        person=person,
        months=by_month(lines),
        certified=sum(each.minutes for each in lines if each.counts),
        made=certificates.of_person(person.id),
    )


@blueprint.route("/desk/people/<id:person_id>/hours/certificate", methods=["GET", "POST"])
@requires(Permission.SIGN_UP_ANYONE)
def certificate_of_hours(person_id: int) -> ResponseReturnValue:
    """A certificate of somebody's hours, for whoever has no account."""
    person = get_person(person_id)
    back = url_for("desk.hours_of", person_id=person.id)
    made = lambda: certificates.of_person(person.id)  # noqa: E731
    return certificate_page(person, queries.shifts_of(person.id), back=back, made=made)
