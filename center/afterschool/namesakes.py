"""Children of one name, told apart wherever one of them is chosen: by school, class at school and mark."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from center.afterschool.models.enrolments import Enrolment
from center.kernel.db import db
from center.kernel.i18n import in_language
from center.people.models import Person


def called(children: Sequence[Person]) -> list[tuple[Person, str]]:
    """The children, each with what they are called in a list to choose from."""
    names = Counter(each.name for each in children)
    alike = [each.id for each in children if names[each.name] > 1]
    apart = _apart(alike) if alike else {}
    return [(each, f"{each.name} · {apart[each.id]}" if each.id in apart else each.name) for each in children]


def _apart(ids: Sequence[int]) -> dict[int, str]:
    """What each is known by; of several enrolments the latest says it."""
    query = select(Enrolment).where(Enrolment.child_id.in_(ids)).options(joinedload(Enrolment.school))
    return {each.child_id: _known_by(each) for each in db.session.scalars(query.order_by(Enrolment.id))}


def _known_by(enrolment: Enrolment) -> str:
    school = in_language(enrolment.school.name, enrolment.school.name_en)
    return " ".join(each for each in (school, enrolment.school_class, enrolment.mark) if each)
