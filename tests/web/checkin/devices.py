"""Browsers that are devices."""

from flask import Flask
from flask.testing import FlaskClient

from center.attendance import devices
from center.attendance.devices import Post
from center.attendance.models.devices import Device
from center.kernel import clock
from center.kernel.db import transaction
from center.kernel.i18n import local_date
from tests.builders import make_person


def paired(app: Flask, post: Post | None = None) -> tuple[FlaskClient, Device]:
    """A browser that is a device, and the device; by default one at the entrance."""
    clerk, now = make_person(), clock.now()
    with transaction():
        device, code = devices.announce(f"平板 {clerk.id}", post or Post(until=local_date(now)), by=clerk, now=now)
    device, token = devices.pair(code, source="address:192.0.2.1", now=now)
    browser = app.test_client()
    browser.set_cookie("checkin", token)
    return browser, device


def revoke(device: Device) -> None:
    director = make_person()
    with transaction():
        devices.revoke(device, by=director, now=clock.now())
