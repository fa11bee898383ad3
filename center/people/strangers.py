"""Helpers of an account that was matched with the wrong person: whom it named since, and whose codes it told."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.orm import joinedload

from center.kernel.db import change_rows, db
from center.kernel.i18n import gettext as _
from center.kernel.site import path_to
from center.people import matching
from center.people.matching import ByHand, Undoing
from center.people.models import AccountMatch, Consent, Delegation, HelperCode


def bring_back(undoing: Undoing) -> None:
    """Who was named as a helper through the account goes with it; whom it dismissed may help again."""
    onto, double, since = undoing.onto, undoing.double, undoing.since
    by_account = (Delegation.consent == Consent.OWN_ACCOUNT, Delegation.recorded_at >= since)
    given = update(Delegation).where(*by_account, Delegation.person_id == onto.id, Delegation.recorded_by_id == onto.id)
    change_rows(given.values(person_id=double.id, recorded_by_id=double.id))
    change_rows(update(Delegation).where(*by_account, Delegation.delegate_id == onto.id).values(delegate_id=double.id))
    is_theirs = or_(Delegation.person_id == onto.id, Delegation.delegate_id == onto.id)
    dismissed = update(Delegation).where(is_theirs, Delegation.revoked_by_id == onto.id, Delegation.revoked_at >= since)
    change_rows(dismissed.values(revoked_at=None, revoked_by_id=None))
    change_rows(delete(HelperCode).where(HelperCode.person_id == onto.id, HelperCode.made_at >= since))


def left_by_hand(made: AccountMatch, until: datetime) -> Sequence[ByHand]:
    """What the desk wrote down meanwhile: nobody but the desk knows which of the two it meant."""
    between = and_(Delegation.recorded_at >= made.matched_at, Delegation.recorded_at <= until)
    is_theirs: ColumnElement[bool] = or_(
        Delegation.person_id == made.person_id, Delegation.delegate_id == made.person_id
    )
    for_a_child = and_(Delegation.recorded_by_id == made.person_id, Delegation.person_id != made.person_id)
    by_the_desk = and_(is_theirs, Delegation.consent != Consent.OWN_ACCOUNT)
    query = select(Delegation).where(between, or_(by_the_desk, for_a_child))
    query = query.options(joinedload(Delegation.person), joinedload(Delegation.delegate)).order_by(Delegation.id)
    found = [
        ByHand(
            each.recorded_at,
            _("Somebody was named who may act"),
            _("%(helper)s for %(person)s", helper=each.delegate.name, person=each.person.name),
            path_to("desk.delegations", person_id=each.person_id),
        )
        for each in db.session.scalars(query).all()
    ]
    if matching.was_edited(made.person_id, made.matched_at, until):
        page = path_to("desk.person", person_id=made.person_id)
        found.append(ByHand(until, _("The desk corrected the record"), made.person.name, page))
    return found


matching.after_undoing.append(bring_back)
matching.left_by_hand.append(left_by_hand)
