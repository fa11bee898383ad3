"""Whom guardians have named to collect a child, and whom staff have not seen yet."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.afterschool.models.plans import Collector
from center.afterschool.plans import collecting
from center.afterschool.policy import may_run
from center.afterschool.records import staff_lists
from center.kernel import clock
from center.kernel.access import Permission, authorise, requires
from center.kernel.access_log import Kind
from center.kernel.i18n import centre_zone
from center.kernel.i18n import gettext as _
from center.web.blueprints import classroom as blueprint
from center.web.people import looks
from center.web.rendering import render
from center.web.sending import did


@dataclass(frozen=True, kw_only=True)
class NewCollectorsPage:
    """Whom nobody has checked, and whether more than today's children are shown."""

    collectors: Sequence[Collector]
    is_everybody: bool


@blueprint.get("/classroom/collectors", endpoint="collectors")
@requires(Permission.CARE_FOR_CHILDREN)
def new_collectors() -> ResponseReturnValue:
    """Whom guardians have named and nobody has checked: of today's children, for the director of all."""
    today = clock.today(centre_zone())
    everybody = may_run(current_user)
    found = staff_lists.unverified(staff_lists.children_for(current_user.person_id, today, everybody=everybody), today)
    looks.see(Kind.CHILD, {each.child_id: each.child for each in found}.values())
    return render("classroom/plans/collectors.html", NewCollectorsPage(collectors=found, is_everybody=everybody))


@blueprint.post("/classroom/collectors/<id:collector_id>/verify")
@requires(Permission.CARE_FOR_CHILDREN)
def verify_collector(collector_id: int) -> ResponseReturnValue:
    """Staff have seen by a paper who this is."""
    collector = _mine(collector_id)
    did(
        lambda: collecting.verify(collector, by=current_user.person, now=clock.now()),
        _("%(name)s is checked.", name=collector.name),
    )
    return redirect(url_for("classroom.collectors"), 303)


@blueprint.post("/classroom/collectors/<id:collector_id>/revoke")
@requires(Permission.RUN_AFTER_SCHOOL)
def revoke_collector(collector_id: int) -> ResponseReturnValue:
    """The director takes somebody off a child's list; the guardians are told."""
    collector = _mine(collector_id)
    did(
        lambda: collecting.revoke(collector, by=current_user.person, now=clock.now()),
        _("%(name)s may not collect any more.", name=collector.name),
    )
    return redirect(url_for("classroom.collectors"), 303)


def _mine(collector_id: int) -> Collector:
    collector, today = collecting.get_collector(collector_id), clock.today(centre_zone())
    children = staff_lists.children_for(current_user.person_id, today, everybody=may_run(current_user))
    authorise(collector.child_id in {each.id for each in children})
    return collector
