"""My volunteer hours, by month, and a certificate of them."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.attendance.hours import certificates, queries
from center.kernel import clock
from center.kernel.access import signed_in
from center.web.blueprints import people as blueprint
from center.web.hours.certificate_page import certificate_page
from center.web.hours.lines import by_month, lines_of


@blueprint.get("/me/hours")
@signed_in
def my_hours() -> ResponseReturnValue:
    """The hours I gave: what counts, what waits, and what was refused and why."""
    shifts = queries.shifts_of(current_user.person_id)
    lines = lines_of(shifts, by_id=current_user.person_id, now=clock.now())
    made = certificates.of_person(current_user.person_id)
    certified = sum(each.minutes for each in lines if each.counts)
    return render_template("resident/hours/mine.html", months=by_month(lines), made=made, certified=certified)


@blueprint.route("/me/hours/certificate", methods=["GET", "POST"])
@signed_in
def my_hours_certificate() -> ResponseReturnValue:
    """A certificate of my hours."""
    shifts = queries.shifts_of(current_user.person_id)
    made = lambda: certificates.of_person(current_user.person_id)  # noqa: E731
    return certificate_page(current_user.person, shifts, back=url_for("people.my_hours"), made=made)
