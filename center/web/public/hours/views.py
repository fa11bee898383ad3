"""A certificate of volunteer hours: on paper for whoever's it is, and whether it is genuine for whoever holds it."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from center.attendance.hours import certificates, policy
from center.attendance.hours.rules import minutes_between
from center.attendance.models.hours import HourCertificate, Shift
from center.kernel.access import Permission, authorise, may, public, signed_in
from center.kernel.access_log import Kind
from center.kernel.i18n import gettext as _
from center.kernel.site import on_this_site
from center.people import names
from center.web.activities.pages import led_ids
from center.web.blueprints import people as blueprint
from center.web.hours.forms import NumberForm
from center.web.people import looks
from center.web.qr import qr_code
from center.web.rendering import render


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A certificate as it is printed."""

    certificate: HourCertificate
    number: str
    holds: bool
    address: str
    qr: Markup | None
    back: str
    minutes_of: Callable[[Shift], int]


@blueprint.get("/hours")
@public
def find_hours() -> ResponseReturnValue:
    """Where somebody types the number of a certificate that they hold."""
    form = NumberForm(request.args)
    if typed := (form.number.data or "").strip():
        return redirect(url_for("people.check_hours", number=certificates.tidy_number(typed) or "0"))
    return render_template("public/hours/find.html", form=form)


@blueprint.get("/hours/<number>")
@public
def check_hours(number: str) -> ResponseReturnValue:
    """Whether a certificate is genuine: its days and its sum, and of the name as much as tells it is theirs."""
    found = certificates.find(number)
    page = render_template(
        "public/hours/check.html",
        form=NumberForm(),
        certificate=found,
        holds=found is not None and certificates.holds(found),
        name=names.masked(found.person.name) if found else "",
        number=certificates.in_groups(found.number if found else ""),
    )
    answer = make_response(page, 200 if found else 404)
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/hours/<number>/print")
@signed_in
def print_hours(number: str) -> ResponseReturnValue:
    """The certificate on paper."""
    found = certificates.get(number)
    authorise(policy.may_see_certificate(found, current_user, led_ids()))
    if found.person_id != current_user.person_id:
        looks.see(Kind.PERSON, [found.person], subject=_("Certificate of volunteer hours"))
    path = url_for("people.check_hours", number=found.number)
    address = on_this_site(url_for("people.find_hours"))
    paper = Paper(
        certificate=found,
        number=certificates.in_groups(found.number),
        holds=certificates.holds(found),
        address=address or url_for("people.find_hours"),
        qr=qr_code(on_this_site(path), is_sized=False) if address else None,
        back=_back(found),
        minutes_of=lambda shift: minutes_between(shift.in_at, shift.out_at),
    )
    return render("public/hours/paper.html", paper)


def _back(certificate: HourCertificate) -> str:
    """To one's own hours, or the desk's page of whose they are, or the organisation's."""
    if certificate.person_id == current_user.person_id:
        return url_for("people.my_hours")
    if may(Permission.SIGN_UP_ANYONE) or certificate.organisation is None:
        return url_for("desk.hours_of", person_id=certificate.person_id)
    return url_for("posting.hours", slug=certificate.organisation.slug)
