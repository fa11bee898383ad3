"""Who may collect a child, as a guardian says it on the phone, at the desk, or on paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask.typing import ResponseReturnValue

from center.afterschool import said_to_staff
from center.afterschool.collectors import listing
from center.afterschool.collectors.listing import Adult, ListState
from center.afterschool.models.plans import Collector
from center.afterschool.plans import collecting
from center.afterschool.plans.words import STANDINGS
from center.afterschool.rights.guardian_rights import Deed
from center.afterschool.said_to_staff import Word
from center.kernel.access import Permission, authorise, requires
from center.kernel.i18n import gettext as _
from center.kernel.i18n import local_date
from center.people.masking import masked_name
from center.web.after_school.calls import WordForm
from center.web.after_school.collector_form import CollectorForm
from center.web.blueprints import desk as blueprint
from center.web.desk.after_school.on_the_line import OnTheLine, on_the_line
from center.web.desk.after_school.word_pages import Asked, answer

OVER = frozenset({ListState.EXPIRED, ListState.REVOKED})


class CollectorWordForm(CollectorForm, WordForm):
    """Somebody who may collect, and how it was made sure whose word it is."""


@dataclass(frozen=True, kw_only=True)
class Listed:
    """Who may collect: beside guardians, those they named."""

    adults: Sequence[tuple[str, Adult]]  # each with the name shortened
    standings: Any = None


@blueprint.route("/desk/after-school/calls/<id:enrolment_id>/<id:person_id>/collectors", methods=["GET", "POST"])
@requires(Permission.ENROL_CHILDREN)
def caller_collectors(enrolment_id: int, person_id: int) -> ResponseReturnValue:
    """Who may collect the child; put somebody on the list."""
    line = on_the_line(enrolment_id, person_id)
    form, here = CollectorWordForm(starts_on=local_date(line.now)), line.address("caller_collectors")

    def act(word: Word) -> Collector:
        return said_to_staff.name_collector(line.child, form.facts(), word=word, now=line.now)

    asked = Asked(
        to=Deed.COLLECTORS,
        title=_("Who may collect %(name)s", name=line.child_name),
        fields=[form.name, form.relation, form.phone, form.starts_on, form.how_long, form.ends_on],
        label=_("Put on the list"),
        done=_("%(name)s is on the list. At the door they show their identity card once.", name=form.name.data),
        template="desk/after_school/collectors.html",
        more=_listed(line),
    )
    return answer(line, form, act, asked, then=here)


@blueprint.route(
    "/desk/after-school/calls/<id:enrolment_id>/<id:person_id>/collectors/<id:collector_id>/revoke",
    methods=["GET", "POST"],
)
@requires(Permission.ENROL_CHILDREN)
def caller_revoke_collector(enrolment_id: int, person_id: int, collector_id: int) -> ResponseReturnValue:
    """Take somebody off the list, at once."""
    line, collector = on_the_line(enrolment_id, person_id), collecting.get_collector(collector_id)
    authorise(collector.child_id == line.child.id and collector.person_id != collector.named_by_id)
    who = masked_name(collector.name)
    asked = Asked(
        to=Deed.COLLECTORS,
        title=_("Take %(name)s off the list", name=who),
        lead=_("%(name)s may then not collect any more, at once. The guardians are told.", name=who),
        fields=[],
        label=_("Take off the list"),
        is_grave=True,
        done=_("%(name)s may not collect any more.", name=who),
    )
    return answer(
        line, WordForm(), lambda word: said_to_staff.revoke_collector(collector, word=word, now=line.now), asked
    )


def _listed(line: OnTheLine) -> Listed:
    listed = listing.may_collect(line.child, local_date(line.now))
    return Listed(
        adults=[(masked_name(each.name), each) for each in listed if each.standing not in OVER], standings=STANDINGS
    )
