"""The guardian who was found by their number, the child it is about, and the addresses of what they may say."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request, url_for
from flask_login import current_user

from center.afterschool.collectors import bars
from center.afterschool.collectors.bars import ASK_DIRECTOR
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.places import enrolments
from center.afterschool.rights.guardian_rights import NO_DECISIONS, Deed, may_decide, refuse_kept_away, refuse_undecided
from center.kernel import clock
from center.kernel.access import authorise
from center.kernel.access_log import Kind
from center.kernel.i18n import local_date
from center.people import acting
from center.people.masking import masked_name
from center.people.models import Person
from center.people.records import get_person
from center.web.desk.after_school.call_keys import is_key
from center.web.people import looks

OF_COLLECTING = frozenset({Deed.COLLECTORS, Deed.WAY_HOME})  # taken from whoever may not collect the child


@dataclass(frozen=True, kw_only=True)
class OnTheLine:
    """Who rings or stands there, about which place of which child. Names are shortened: others may look on."""

    guardian: Person
    enrolment: Enrolment
    key: str
    now: datetime
    is_kept_away: bool  # by a paper: the director decides how the child goes home
    may_decide: bool  # what else a paper has not taken

    @property
    def child(self) -> Person:
        """Whom it is about."""
        return self.enrolment.child

    @property
    def child_name(self) -> str:
        """The child, for a page that somebody may look at over a shoulder."""
        return masked_name(self.child.name)

    @property
    def guardian_name(self) -> str:
        """The guardian, likewise."""
        return masked_name(self.guardian.name)

    @property
    def clerk(self) -> Person:
        """Who writes it down."""
        me: Person = current_user.person
        return me

    def address(self, endpoint: str, **more: Any) -> str:
        """A page about this call."""
        known: dict[str, Any] = {"enrolment_id": self.enrolment.id, "person_id": self.guardian.id, "key": self.key}
        return url_for(f"desk.{endpoint}", **known, **more)

    def why_not(self, to: Deed) -> object:
        """What is said where a paper takes this from the guardian; None where they may do it."""
        if to in OF_COLLECTING:
            return ASK_DIRECTOR if self.is_kept_away else None
        return None if self.may_decide else NO_DECISIONS

    def refuse(self, to: Deed) -> None:
        """Raises what their account would raise; the director hears of it."""
        ask = refuse_kept_away if to in OF_COLLECTING else refuse_undecided
        ask(self.guardian, self.child, now=self.now, to=to)

    @property
    def matters(self) -> str:
        """Where all that can be said stands."""
        return self.address("caller_matters")


def on_the_line(enrolment_id: int, person_id: int) -> OnTheLine:
    """The guardian and the place that this clerk has lately found by a whole number; raises NotFound for others."""
    authorise(is_key(request.args.get("key", ""), person_id, enrolment_id))
    guardian, enrolment, now = get_person(person_id), enrolments.get(enrolment_id), clock.now()
    child = enrolment.child
    authorise(acting.is_guardian(guardian, child, local_date(now)))
    looks.say_why("said")
    looks.see(Kind.CHILD, [child], why="said")
    return OnTheLine(
        guardian=guardian,
        enrolment=enrolment,
        key=request.args["key"],
        now=now,
        is_kept_away=bars.is_kept_away(guardian, child, now=now),
        may_decide=may_decide(guardian, child, now=now),
    )
