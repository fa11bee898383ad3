"""When a member is erased: another must lead what they alone lead, and their memberships end."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from center.kernel.db import db
from center.kernel.i18n import in_language, local_date
from center.kernel.i18n import lazy_gettext as _l
from center.organisations.actions import end_membership
from center.organisations.models import Membership
from center.organisations.queries import leads_of, organisations_led_by
from center.people.erasing import actions
from center.people.erasing.actions import Obstacle
from center.people.models import Person


def led_alone(person: Person, now: datetime) -> Iterable[Obstacle]:
    """Organisations that nobody else leads."""
    today = local_date(now)
    for each in organisations_led_by(person.id, today):
        if all(lead.id == person.id for lead in leads_of(each.id, on=today)):
            name = in_language(each.name, each.name_en)
            words = _l("Nobody else leads %(organisation)s. Name another lead first.", organisation=name)
            yield Obstacle(words, ("organisations.members", {"slug": each.slug}))


def end_memberships(person: Person, by: Person, now: datetime) -> None:
    """They belong to no organisation any more."""
    for each in db.session.scalars(select(Membership).where(Membership.person_id == person.id)).all():
        end_membership(each, by=by, now=now)


actions.obstacles.append(led_alone)
actions.ends.append(end_memberships)
