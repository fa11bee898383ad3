"""Who may collect a guardian's child: the list, somebody new on it, somebody off it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.afterschool.collectors import listing
from center.afterschool.collectors.bars import is_kept_away
from center.afterschool.collectors.listing import Adult, ListState
from center.afterschool.places import collector_photos
from center.afterschool.plans import collecting
from center.afterschool.plans.words import STANDINGS
from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.i18n import centre_zone
from center.kernel.i18n import gettext as _
from center.people.models import Person
from center.web.after_school.collector_form import CollectorForm
from center.web.blueprints import children as blueprint
from center.web.rendering import render
from center.web.resident.children.own_child import own_child_read
from center.web.sending import did, go_on, is_done


@dataclass(frozen=True, kw_only=True)
class CollectorsPage:
    """Who may collect a child, who no longer may, and a form for somebody new."""

    child: Person
    adults: Sequence[Adult]
    gone: Sequence[Adult]
    with_photo: Collection[int]  # the numbers of those of whom there is a photo
    standings: Any
    form: CollectorForm
    is_kept_away: bool  # whoever looks may not collect the child
    me_id: int


@blueprint.route("/children/<id:person_id>/collectors", methods=["GET", "POST"], endpoint="collectors")
@signed_in
def list_of_collectors(person_id: int) -> ResponseReturnValue:
    """Who may collect one's child; put somebody on the list."""
    child, on = own_child_read(person_id), clock.today(centre_zone())
    form = CollectorForm(starts_on=on)
    me, here = current_user.person, url_for("children.collectors", person_id=child.id)
    if is_done(
        form,
        lambda: collecting.name_collector(child, form.facts(), guardian=me, by=me, now=clock.now()),
        then=here,
    ):
        return go_on(
            _("%(name)s is on the list. At the door they show their identity card once.", name=form.name.data), here
        )
    listed = listing.may_collect(child, on)
    over = {ListState.EXPIRED, ListState.REVOKED}
    page = CollectorsPage(
        child=child,
        adults=[each for each in listed if each.standing not in over],
        gone=[each for each in listed if each.standing in over],
        with_photo=collector_photos.with_photo([each.collector.id for each in listed if each.collector]),
        standings=STANDINGS,
        form=form,
        is_kept_away=is_kept_away(me, child, now=clock.now()),
        me_id=me.id,
    )
    return render("resident/children/collectors.html", page), form.status


@blueprint.post("/children/<id:person_id>/collectors/<id:collector_id>/revoke")
@signed_in
def revoke_collector(person_id: int, collector_id: int) -> ResponseReturnValue:
    """Take somebody off the list, at once."""
    child, collector = own_child_read(person_id), collecting.get_collector(collector_id)
    authorise(collector.child_id == child.id and collector.person_id != collector.named_by_id)  # guardians stay
    did(
        lambda: collecting.revoke(collector, by=current_user.person, now=clock.now()),
        _("%(name)s may not collect any more.", name=collector.name),
    )
    return redirect(url_for("children.collectors", person_id=child.id), 303)
