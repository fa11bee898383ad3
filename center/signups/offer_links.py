"""The secret link in the message of an offer: it opens this one offer for whoever was told of it, signed in or not."""

from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select

from center.kernel.db import db
from center.kernel.errors import NotFound
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.people.acting import ground_to_act
from center.people.models import DelegationScope, Person
from center.signups.models import SignUp
from center.signups.queries import get_sign_up


@dataclass(frozen=True)
class Offer:
    """An offered place, and who answers it."""

    sign_up: SignUp
    reader: Person


def link_for(sign_up: SignUp, reader: Person) -> str:
    """What stands in the address: signed, so that nobody makes one up; it holds no name."""
    assert sign_up.offered_at is not None
    return str(_signer().dumps([sign_up.reference, int(sign_up.offered_at.timestamp()), reader.id]))


def get_offer(link: str, *, now: datetime) -> Offer:
    """The offer behind a link. Raises NotFound for a made-up one, and where its reader may no longer act."""
    try:
        reference, offered, reader_id = _signer().loads(link)
    except (BadSignature, ValueError, TypeError) as error:
        raise _nowhere() from error
    sign_up = get_sign_up(reference)
    reader = db.session.scalar(select(Person).where(Person.id == reader_id))
    if reader is None or sign_up.offered_at is None or int(sign_up.offered_at.timestamp()) != offered:
        raise _nowhere()
    if ground_to_act(reader, sign_up.person, scope=DelegationScope.SIGN_UPS, on=local_date(now)) is None:
        raise _nowhere()
    return Offer(sign_up, reader)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="offer of a place")


def _nowhere() -> NotFound:
    return NotFound(_l("This link leads nowhere (any more). Please look into your account, or ring the front desk."))
