"""What was said without a connection and no rule lets in. It is not lost, and no device keeps it for ever.

It is written down as not taken, and a person finds out what is so.
"""

from dataclasses import replace

from center.afterschool.handing_over.answers import Answer
from center.afterschool.handing_over.saying import Saying, Verdict, hold, refused, said_before, said_of
from center.afterschool.handing_over.to_adults import Taking
from center.afterschool.models.custody import Holder
from center.people.models import Person


def record(child: Person, holder: Holder, taking: Taking, saying: Saying) -> Verdict:
    """Write down what was said to be so, with an alarm that somebody answers; who holds the child stays as it is."""
    hold([child], saying)
    if known := said_before(child, saying):
        return known
    is_unknown = holder is Holder.COLLECTOR and not taking.name
    said = replace(
        said_of(child, saying, holder),
        collector=taking.adult.collector if taking.adult else None,
        other_name=taking.name,
        child_agreed=bool(taking.child_agreed),
        second=taking.second,
        approved_by=taking.approved_by,
        approved_on=taking.approved_on,
    )
    return refused(child, said, Answer.UNKNOWN_ADULT if is_unknown else Answer.UNSURE)
