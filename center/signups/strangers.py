"""Sign-ups of an account that was matched with the wrong person go back with it; the rest is named for the desk."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import joinedload

from center.activities.models import ActivityEvent
from center.kernel.db import change_rows, db
from center.kernel.i18n import gettext as _
from center.kernel.i18n import in_language
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.site import path_to
from center.notices.strangers import give_notices
from center.people.matching import ByHand, Undoing, after_undoing, left_by_hand
from center.people.models import AccountMatch
from center.signups import messages
from center.signups.message_facts import name_of
from center.signups.models import Channel, Roster, SignUp, SignUpGroup
from center.signups.models.history import SignUpChange, SignUpEvent

CHANGED = {
    SignUpChange.CANCELLED: _l("Cancelled a sign-up"),
    SignUpChange.OFFER_TURNED_DOWN: _l("Turned down an offered place"),
    SignUpChange.TRANSFERRED: _l("Passed a place on"),
}
SIGNED = {SignUpChange.CONFIRMED, SignUpChange.QUEUED, SignUpChange.REQUESTED}


def bring_back(undoing: Undoing) -> None:
    """What a wrongly matched account signed up for by itself since is its own."""
    onto, double, since = undoing.onto, undoing.double, undoing.since
    theirs = (SignUp.signed_by_id == onto.id, SignUp.channel == Channel.ONLINE, SignUp.made_at >= since)
    about = []
    for each in db.session.scalars(select(SignUp).where(*theirs).order_by(SignUp.id)).all():
        each.signed_by_id = double.id
        if each.person_id == onto.id:
            each.person_id = double.id
            about.append(messages.about(each))
    group = update(SignUpGroup).where(SignUpGroup.signed_by_id == onto.id, SignUpGroup.made_at >= since)
    change_rows(group.values(signed_by_id=double.id))
    db.session.flush()
    give_notices(undoing, about)


def changed_through_it(made: AccountMatch, until: datetime) -> Sequence[ByHand]:
    """What the account did to sign-ups that are not its own: their places may be somebody else's by now."""
    of = SignUpEvent
    is_its_own = and_(
        SignUp.made_at >= made.matched_at,
        SignUp.channel == Channel.ONLINE,
        or_(
            and_(SignUp.signed_by_id == made.person_id, SignUp.person_id == made.person_id),
            and_(SignUp.signed_by_id == made.double_id, SignUp.person_id == made.double_id),
        ),
    )
    query = (
        select(of)
        .join(of.sign_up)
        .where(of.by_id == made.person_id, of.at.between(made.matched_at, until), ~is_its_own)
        .where(or_(of.channel == Channel.ONLINE, of.channel.is_(None)))
        .options(joinedload(of.sign_up).joinedload(SignUp.person))
        .options(joinedload(of.sign_up).joinedload(SignUp.roster).joinedload(Roster.activity))
    )
    return [
        ByHand(
            each.at,
            _("Signed somebody up") if each.what in SIGNED else str(CHANGED.get(each.what, _("Changed a sign-up"))),
            f"{_title(each.sign_up.roster.activity)} · {name_of(each.sign_up)}",
            path_to("signups.show_sign_up", reference=each.sign_up.reference),
        )
        for each in db.session.scalars(query.order_by(of.at, of.id)).all()
    ]


def posted_through_it(made: AccountMatch, until: datetime) -> Sequence[ByHand]:
    """What the account did to activities, by the rights of the person it was matched with."""
    of = ActivityEvent
    query = select(of).where(of.by_id == made.person_id, of.at.between(made.matched_at, until))
    found = db.session.scalars(query.options(joinedload(of.activity)).order_by(of.at, of.id)).all()
    return [
        ByHand(
            each.at, _("Changed an activity"), _title(each.activity), path_to("posting.manage", slug=each.activity.slug)
        )
        for each in found
    ]


def _title(activity: object) -> str:
    return in_language(getattr(activity, "title", ""), getattr(activity, "title_en", ""))


after_undoing.append(bring_back)
left_by_hand.extend((changed_through_it, posted_through_it))
