"""When somebody is erased: their card ends, and so do the devices that they answer for."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from center.attendance import cards, devices
from center.attendance.models.devices import Device
from center.kernel.db import db
from center.kernel.i18n import lazy_gettext as _l
from center.people.erasing import actions as erasing
from center.people.models import Person


def ahead(person: Person, _now: datetime) -> Iterable[tuple[Any, int]]:
    """What is cancelled."""
    yield _l("The card they check in with"), int(cards.card_of(person) is not None)


def end_cards_and_devices(person: Person, by: Person, now: datetime) -> None:
    """Nobody shows their card any more, and nobody sends anything in their name."""
    cards.revoke(person, by=by, now=now)
    for device in db.session.scalars(select(Device).where(Device.made_by_id == person.id, Device.revoked_at.is_(None))):
        devices.revoke(device, by=by, now=now)


erasing.ahead.append(ahead)
erasing.ends.append(end_cards_and_devices)
