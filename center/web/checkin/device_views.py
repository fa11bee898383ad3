"""Pages by which a browser becomes a device, sees what it is there for, and learns that it has ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Response, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from center.activities.models import Session
from center.attendance import devices
from center.attendance.days import sessions_today
from center.attendance.device_words import DUTY_NAMES, said_until
from center.attendance.duties import is_open, opens_at
from center.attendance.models.devices import Device, Duty
from center.kernel import clock
from center.kernel.access import DeviceEnded, or_device, public, signed_in
from center.kernel.db import transaction
from center.kernel.i18n import gettext as _
from center.people import throttle
from center.web import device_cookie, sign_in_cookie
from center.web.blueprints import checkin as blueprint
from center.web.browser_rights import accepts_little
from center.web.checkin.forms import PairForm
from center.web.checkin.hands import may_take
from center.web.device_cookie import this_device, who_asks
from center.web.edge import is_sent_by_script
from center.web.rendering import render
from center.web.sending import result_of
from center.web.unsent_cookie import unsent_here

UNSENT = "X-Unsent"  # how many scans a device still has to send; it is not told to forget them


@dataclass(frozen=True)
class NowPage:
    """What one can be checked in to now, and what comes later today."""

    device: Device | None
    duty: object
    until: str
    open_now: Sequence[Session]
    later: Sequence[tuple[Session, datetime]]


@blueprint.route("/checkin", methods=["GET", "POST"])
@or_device
@accepts_little(8 * 1024)
@public
def pair() -> ResponseReturnValue:
    """Type the code from the desk; a paired device goes on to what it is there for, somebody signed in to theirs."""
    if (device := this_device()) is not None:
        return redirect(_post_of(device), 303)
    if current_user.is_authenticated:
        return redirect(url_for(".now"), 303)
    form = PairForm()
    source = throttle.source_of(request.remote_addr)
    paired = result_of(form, lambda: devices.pair(form.code.data, source=source, now=clock.now()), transacts=False)
    if paired is None:
        return render_template("checkin/pair.html", form=form), form.exact_status
    device, token = paired
    sign_in_cookie.drop()
    answer = make_response(redirect(_post_of(device), 303))
    device_cookie.carry(answer, token, device)
    return answer


@blueprint.get("/checkin/now")
@or_device
@signed_in
def now() -> ResponseReturnValue:
    """Today's sessions that one may take: those that are open for check-in, and those that will be."""
    at, device = clock.now(), this_device()
    mine = [each for each in sessions_today(at) if may_take(each, max(at, opens_at(each)))]
    page = NowPage(
        device=device,
        duty=DUTY_NAMES[device.duty] if device else None,
        until=said_until(device) if device else "",
        open_now=[each for each in mine if is_open(each, at)],
        later=[(each, opens_at(each)) for each in mine if opens_at(each) > at],
    )
    return render("checkin/now.html", page)


@blueprint.get("/checkin/ping")
@or_device
@public
def ping() -> ResponseReturnValue:
    """Whether there is a connection: what time it is here, a token to send with, and which device asks."""
    device = this_device()
    known = None if device is None else {"name": device.name, "duty": device.duty.value}
    return _ping_answer(device=known, is_revoked=False)


@blueprint.app_errorhandler(DeviceEnded)
def say_that_it_ended(_error: DeviceEnded) -> ResponseReturnValue:
    """A device has ended: it forgets everything at once, unless it says that it has something to send first."""
    device, is_unsent = this_device(), _has_unsent()
    assert device is not None
    if request.endpoint == "checkin.ping" or is_sent_by_script():
        answer = _ping_answer(device=None, is_revoked=True)
    else:
        title = _("This device was revoked") if device.revoked_at else _("The time of this device is over")
        page = render_template("checkin/ended.html", device=device, is_unsent=is_unsent, title=title)
        answer = make_response(page)
    answer.status_code = 410
    if not is_unsent:
        answer.headers["Clear-Site-Data"] = '"*"'
        device_cookie.drop(answer)
        with transaction(by_the_site=True):
            devices.note_wiped(device.id, now=clock.now())
    return answer


def _ping_answer(*, device: dict[str, str] | None, is_revoked: bool) -> Response:
    at = clock.now().isoformat(timespec="milliseconds")
    is_signed_in = device is None and bool(current_user.is_authenticated)
    answer = jsonify(
        now=at, csrf=generate_csrf(), device=device, revoked=is_revoked, signed_in=is_signed_in, who=who_asks()
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _has_unsent() -> bool:
    said = request.headers.get(UNSENT) or request.args.get("unsent")
    return unsent_here() > 0 if said is None else said != "0"


def _post_of(device: Device) -> str:
    """Where a device is at its post."""
    if device.duty is Duty.SESSION:
        return url_for(".session_page", date_id=device.session_id)
    return url_for(".now")
