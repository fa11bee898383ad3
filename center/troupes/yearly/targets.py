"""The director sets what a year is to have. Called inside a `transaction()`; never commits."""

from center.kernel import trail
from center.kernel.acts import Act
from center.kernel.db import db
from center.people.models import Person
from center.troupes.models.yearly import Counted, YearlyTarget
from center.troupes.yearly.rules import RULES


def set_target(counted: Counted, least: int, *, source: str = "", by: Person) -> None:
    """So many there are to be from now on; the rule's own number takes the entry away."""
    known = db.session.get(YearlyTarget, counted)
    is_as_the_rule = least == RULES[counted][0] and not source
    if is_as_the_rule and known is not None:
        db.session.delete(known)
    elif known is None and not is_as_the_rule:
        db.session.add(YearlyTarget(counted=counted, least=least, source=source))
    elif known is not None:
        known.least, known.source = least, source
    trail.note(Act.YEARLY_TARGET_SET, by=by)
