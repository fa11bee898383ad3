"""Every kind of person asks for every page that concerns children: what they are shown of a child, field by field.

In the table o is what they see of our child, t of another (who is of another term), x of both, a point of neither.
A clerk sees of whoever rings what the call is about: no name of the child. A note is shown to staff on the day's page,
which is that of one term; so is a face of whoever collects. The code of the day is the guardians' alone, the number of
the paper that keeps somebody away the director's; whom it keeps away is in no copy of a child's data.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask

from center.afterschool.policy import may_care
from center.kernel import clock
from center.kernel.access import Permission
from center.kernel.db import transaction
from tests.afterschool.builders import make_duty, make_term
from tests.afterschool.plan_builders import today
from tests.afterschool.seen import FIELDS, Seen, make_seen, marks
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE
TWENTY_PAST_FOUR = datetime(2026, 11, 24, 8, 20, tzinfo=UTC)

TABLE = """
#                             w
#                             h       c i
#                           r a   g   o t   d     i
#                         t e t c u   l s   o     n
#                   s     r a _ o a   l _ b c   c c
#                   c c   i c t n r p e p a u l h i
#                 n h l m g t o s d h c h r m o a d n c f
#                 a o a a g i _ e i o t o r e o n e o o a
#                 m o s r e o d n a n o n e n k g n t d c
#                 e l s k r n o t n e r e d t s e t e e e
guardian          o o o o o o o o o . o o . . . o o o o o
other_guardian    o o o o o o o o o . o o . . . o o o o o
former_guardian   . . . . . . . . . . . . . . . . . . . .
guardian_of_other t t t t t t t t t . t t . . . t t t t t
collector         . . . . . . . . . . . . . . . . . . . .
on_duty           o o o o o o o . o o o . o . o o o o . o
duty_before       . . . . . . . . . . . . . . . . . . . .
off_duty          . . . . . . . . . . . . . . . . . . . .
let               x x x x x x x . x x x . x . x x x o . o
clerk             . . x . . . . . x x x . . . . x . . . .
director          x x x x x x x x x x x . x x x x x o . o
auditor           . . . . . . . . . . . . . . . . . . . .
grid_worker       . . . . . . . . . . . . . . . . . . . .
lead              . . . . . . . . . . . . . . . . . . . .
resident          . . . . . . . . . . . . . . . . . . . .
visitor           . . . . . . . . . . . . . . . . . . . .
device            . . . . . . . . . . . . . . . . . . . .
"""


@pytest.fixture(name="seen")
def _seen(app: Flask) -> Iterator[Seen]:
    clock.start_at(TWENTY_PAST_FOUR)
    yield make_seen(app)
    clock.start_at(None)


@pytest.mark.slow("everybody asks for every page of children")
def test_everybody_sees_of_a_child_what_is_theirs_to_see(seen: Seen) -> None:
    found = {who: marks(seen.by(who), seen) for who in seen.browsers}
    for who, each in found.items():
        print(f"{who:18}{each}")  # for the table above, once a change of it is meant
    assert found == read_table()


@pytest.mark.usefixtures("app")
def test_a_duty_shows_a_day_until_its_list_is_closed_and_no_longer_than_the_day_after() -> None:
    before, now_on, after = make_term(days=[today() + timedelta(days=n) for n in (-1, 0, 1)]).days
    user = SimpleNamespace(is_authenticated=True, permissions={Permission.CARE_FOR_CHILDREN})
    user.person_id = make_duty(before).person_id
    assert [may_care(user, each) for each in (before, now_on, after)] == [True, False, False]
    assert may_care(user, before.on_date)
    with transaction() as session:
        day, now = session.merge(before), clock.now()
        day.opened_at, day.opened_by_id, day.closed_at, day.closed_by_id = now, user.person_id, now, user.person_id
    assert not may_care(user, day)
    assert not may_care(user, day.on_date)
    with transaction() as session:
        session.merge(day).closed_at = session.merge(day).closed_by_id = None
    assert may_care(user, day)
    clock.start_at(clock.now() + timedelta(days=1))
    assert not may_care(user, day)
    clock.start_at(None)


def read_table() -> dict[str, str]:
    """The marks of each person."""
    rows = [line.split() for line in TABLE.splitlines() if line and not line.startswith("#")]
    assert all(len(row) == 1 + len(FIELDS) for row in rows)
    return {who: " ".join(each) for who, *each in rows}
