"""Pages on which the desk expects devices, gives out their codes, and revokes them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from center.attendance import devices
from center.attendance.days import sessions_today
from center.attendance.device_words import DEVICE_STATES, DEVICE_TONES, DUTY_NAMES, said_until
from center.attendance.duties import DeviceState, state_of
from center.attendance.models.devices import Device, Duty
from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.i18n import gettext as _
from center.kernel.i18n import local_date
from center.rooms.queries import all_rooms
from center.web.blueprints import desk as blueprint
from center.web.desk.devices.forms import DeviceForm
from center.web.qr import qr_code
from center.web.rendering import render
from center.web.sending import did, form_page, result_of

DAYS_OFFERED = 3
GIVEN = "device_code"  # in the cookie of the browser that gave it out


@dataclass(frozen=True)
class DevicePage:
    """One device, and what its code is."""

    device: Device
    state: DeviceState
    code: str
    address: str
    picture: Markup
    states: Any = field(default_factory=lambda: DEVICE_STATES)
    tones: Any = field(default_factory=lambda: DEVICE_TONES)
    duties: Any = field(default_factory=lambda: DUTY_NAMES)
    until: Callable[[Device], str] = said_until


@dataclass(frozen=True)
class DevicesPage:
    """Every device with how it stands."""

    in_use: Sequence[tuple[Device, DeviceState]]
    ended: Sequence[tuple[Device, DeviceState]]
    states: Any = field(default_factory=lambda: DEVICE_STATES)
    tones: Any = field(default_factory=lambda: DEVICE_TONES)
    duties: Any = field(default_factory=lambda: DUTY_NAMES)
    until: Callable[[Device], str] = said_until


@blueprint.get("/desk/devices", endpoint="devices")
@requires(Permission.SIGN_UP_ANYONE)
def list_devices() -> ResponseReturnValue:
    """Every device that may check people in, and those that may not any more."""
    now = clock.now()
    stand: Callable[[Device], tuple[Device, DeviceState]] = lambda each: (each, state_of(each, now))  # noqa: E731
    page = DevicesPage(
        in_use=[stand(each) for each in devices.devices_in_use(now)],
        ended=[stand(each) for each in devices.devices_ended(now)],
    )
    return render("desk/devices/list.html", page)


@blueprint.route("/desk/devices/new", methods=["GET", "POST"])
@requires(Permission.SIGN_UP_ANYONE)
def new_device() -> ResponseReturnValue:
    """Expect a device, and show the code that pairs it."""
    now, asked = clock.now(), request.args.get("session", "")
    duty = Duty.SESSION if asked else Duty.ENTRANCE
    form = DeviceForm(data={"until": local_date(now), "session": asked, "duty": duty.value})
    sessions, rooms = sessions_today(now, days=DAYS_OFFERED), all_rooms()
    form.offer(sessions, rooms)

    def announce() -> tuple[Device, str]:
        return devices.announce(form.name.data, form.post(sessions, rooms), by=current_user.person, now=now)

    if made := result_of(form, announce, then=lambda made: _page_of(made[0])):
        return _show_code(*made)
    return form_page("desk/devices/new.html", form)


@blueprint.get("/desk/devices/<id:device_id>")
@requires(Permission.SIGN_UP_ANYONE)
def device(device_id: int) -> ResponseReturnValue:
    """How one stands; to whoever has just given out its code, what to do with it."""
    expected, now = devices.get_device(device_id), clock.now()
    state, address = state_of(expected, now), url_for("checkin.pair", _external=True)
    page = DevicePage(
        device=expected,
        state=state,
        code=devices.in_groups(_code_given(expected)) if state is DeviceState.WAITING else "",
        address=address,
        picture=qr_code(address, is_sized=False),
    )
    return render("desk/devices/device.html", page)


@blueprint.post("/desk/devices/<id:device_id>/code")
@requires(Permission.SIGN_UP_ANYONE)
def renew_device_code(device_id: int) -> ResponseReturnValue:
    """Another code for a device that was not paired in time."""
    expected, codes = devices.get_device(device_id), list[str]()
    renew = lambda: codes.append(devices.renew_code(expected, by=current_user.person, now=clock.now()))  # noqa: E731
    return _show_code(expected, codes[0]) if did(renew) else redirect(_page_of(expected), 303)


@blueprint.post("/desk/devices/<id:device_id>/revoke")
@requires(Permission.SIGN_UP_ANYONE)
def revoke_device(device_id: int) -> ResponseReturnValue:
    """Nothing that it does from now on counts, and it forgets what it knows as soon as it is heard of."""
    ended = devices.get_device(device_id)
    revoke = lambda: devices.revoke(ended, by=current_user.person, now=clock.now())  # noqa: E731
    did(revoke, _("%(device)s is revoked.", device=ended.name))
    return redirect(url_for(".devices"), 303)


def _show_code(expected: Device, code: str) -> ResponseReturnValue:
    """Lead to the page of a device, which shows its code to this browser alone."""
    session[GIVEN] = [expected.id, code]
    return redirect(_page_of(expected), 303)


def _code_given(expected: Device) -> str:
    """The code that this browser was told for a device, while it is the one that pairs it."""
    given = session.get(GIVEN)
    if not isinstance(given, list) or len(given) != 2 or given[0] != expected.id:
        return ""
    code = str(given[1])
    return code if devices.is_its_code(expected, code) else ""


def _page_of(expected: Device) -> str:
    return url_for(".device", device_id=expected.id)
