"""Which device asks: the token in its own cookie, which leads to no person and no sign-in.

`__Host-`, so that no other site can plant it; that prefix wants it sent everywhere, but only pages of check-in read it.
"""

from flask import Flask, Response, current_app, g, request
from flask_login import current_user
from sqlalchemy.exc import OperationalError

from center.attendance import devices
from center.attendance.models.devices import Device
from center.kernel import clock
from center.kernel.db import transaction
from center.kernel.logs import log
from center.people.claims import keyed_hash
from center.web import offline_lists_cookie
from center.web.blueprints import checkin

PATIENCE_MS = 500  # that it was seen is worth no wait


def init_app(app: Flask) -> None:
    """Let pages that are open to devices know which one asks."""
    app.extensions["device_here"] = _is_live


def this_device() -> Device | None:
    """The device that asks, however it stands; read once a request."""
    if "device" not in g:
        token = request.cookies.get(_name(), "")
        g.device = devices.find_device(token) if token else None
    found: Device | None = g.device
    return found


def who_asks() -> str:
    """Whoever asks, by a name that leads to nobody: what one has stored is not sent in the name of another."""
    if (device := this_device()) is not None:
        return keyed_hash(f"device {device.id}")[:16]
    return keyed_hash(f"person {current_user.person_id}")[:16] if current_user.is_authenticated else ""


def carry(answer: Response, token: str, device: Device) -> None:
    """Let this browser be that device, for as long as it lasts, however wrong its clock is."""
    lasts = device.expires_at - clock.now()
    answer.set_cookie(
        _name(),
        token,
        max_age=int(lasts.total_seconds()),
        httponly=True,
        samesite="Strict",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )


def drop(answer: Response) -> None:
    """Let this browser be no device any more, also where it does not understand `Clear-Site-Data`."""
    offline_lists_cookie.shut(answer)
    answer.delete_cookie(_name(), httponly=True, samesite="Strict", secure=current_app.config["SESSION_COOKIE_SECURE"])


def _name() -> str:
    return "__Host-checkin" if current_app.config["SESSION_COOKIE_SECURE"] else "checkin"


def _is_live() -> bool | None:
    """Whether the device that asks may still do anything; None where no device asks."""
    device = this_device()
    return None if device is None else device.may_send(clock.now())


@checkin.after_request
def _note(answer: Response) -> Response:
    """What a device is shown is kept by no cache; now and then note that it is in use."""
    device: Device | None = g.get("device")
    if device is None:
        return answer
    answer.headers["Cache-Control"] = "private, no-store"
    now = clock.now()
    if answer.status_code < 500 and device.seen_at is not None and device.seen_at < now - devices.SEEN_EVERY:
        try:
            with transaction(by_the_site=True, patience_ms=PATIENCE_MS):
                devices.note_seen(device.id, now=now)
        except OperationalError:
            log.warning("device_touch_skipped")
    return answer
