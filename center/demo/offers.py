"""A place that somebody gave up, in the demonstration, and who is offered it."""

from datetime import timedelta

from sqlalchemy import select

from center.activities.models import Activity
from center.demo.scene import Scene
from center.kernel.waking import after_waking
from center.people.acting import Ground
from center.signups import messages, news
from center.signups.models import Channel, Roster, SignUp, SignUpState
from center.signups.models.attendee_lists import PlaceHeld
from center.signups.models.history import SignUpChange, SignUpEvent

OFFER_MINUTES = 720


def let_one_be_offered(scene: Scene) -> None:
    """In the full course somebody gave up: the elder of the cast is offered the place, the resident still waits."""
    session, now = scene.session, scene.now
    full = select(SignUp).join(SignUp.roster).join(Roster.activity).where(Activity.slug == "paper-cutting-class")
    signed = session.scalars(full.order_by(SignUp.queue_order)).all()
    waiting = [each for each in signed if each.state is SignUpState.WAITING]
    held = [each for each in signed if each.state is SignUpState.CONFIRMED]
    if len(waiting) < 2 or not held:
        return
    left, offered, second = held[-1], waiting[0], waiting[1]
    for each, key in ((offered, "elder"), (second, "resident")):
        each.person_id = scene.cast[key]
        each.ground, each.channel = Ground.STAFF, Channel.PHONE
        each.signed_by_id = scene.cast["clerk"]
    second.ground, second.channel, second.signed_by_id = Ground.SELF, Channel.ONLINE, second.person_id
    at = now - timedelta(minutes=40)
    pool = left.pool
    left.state, left.pool, left.changed_at = SignUpState.CANCELLED, None, at
    since = session.scalars(select(PlaceHeld).where(PlaceHeld.sign_up_id == left.id)).one()
    since.until_at = max(at, since.from_at)
    session.flush()
    offered.state, offered.pool, offered.changed_at, offered.offered_at = SignUpState.OFFERED, pool, at, at
    offered.offer_expires_at = after_waking(now, timedelta(minutes=OFFER_MINUTES), scene.zone)
    session.add(SignUpEvent(sign_up=left, at=at, by_id=left.person_id, what=SignUpChange.CANCELLED))
    session.add(SignUpEvent(sign_up=offered, at=at, by_id=None, what=SignUpChange.OFFERED))
    session.flush()
    session.expire_all()
    messages.tell(offered, news.OFFERED, now=at)
    messages.tell(second, news.QUEUED, now=second.made_at)
