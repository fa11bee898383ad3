"""The hand that writes a sign-up: of a form, or of somebody to whom a place is passed on."""

from datetime import datetime

from center.kernel.texts import new_reference
from center.people.acting import Ground
from center.people.models import Person
from center.signups.models import Channel, SignUp, SignUpGroup, SignUpState
from center.signups.sign_up_request import PlaceRequest


def write_sign_up(
    group: SignUpGroup, wanted: PlaceRequest, *, ground: Ground, channel: Channel, by: Person, now: datetime
) -> SignUp:
    """What somebody wants, before it is known whether there is a place; its number in the queue is given next."""
    return SignUp(
        reference=new_reference(),
        roster_id=group.roster_id,
        person_id=wanted.person_id,
        group_id=group.id,
        state=SignUpState.WAITING,
        signed_by_id=by.id,
        ground=ground,
        channel=channel,
        uses_wheelchair=wanted.uses_wheelchair,
        wants_companion=wanted.wants_companion,
        wants_pick_up=wanted.wants_pick_up,
        has_access_need=wanted.has_access_need,
        note=wanted.note,
        made_at=now,
        changed_at=now,
    )
