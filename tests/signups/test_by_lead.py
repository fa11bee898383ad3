"""A lead removes one person or moves them to another date, with a reason that they read."""

from typing import Any

import pytest
from sqlalchemy import select

from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, Full, RuleBroken
from center.notices.models import Notice
from center.people.models import Person
from center.signups import by_lead
from center.signups.models import Roster, SignUp, SignUpState
from tests.activity_builders import make_activity, make_roster, sign_up, state_of, the_pool
from tests.builders import at, make_organisation, make_person

pytestmark = pytest.mark.usefixtures("app")

Two = tuple[Roster, Roster, Person]


@pytest.fixture
def dates() -> Two:
    """Two dates of an activity, each with a list of its own, two places at the first and one at the second."""
    lead = make_person()
    activity = make_activity(organisation=make_organisation(leads=[lead]), starts=[at(10, days=3), at(10, days=4)])
    first = make_roster(activity, session=activity.sessions[0], capacity=2)
    second = make_roster(activity, session=activity.sessions[1], capacity=1)
    return first, second, lead


def act(what: Any, signed: SignUp, *rest: Any, reason: str = "那天鼓不够", by: Person) -> Any:
    with transaction():
        return what(signed, *rest, reason=reason, by=by, now=at(9))


def told(person: Person) -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Notice.kind).where(Notice.person_id == person.id).order_by(Notice.id)))


def test_nobody_is_removed_or_moved_without_a_reason(dates: Two) -> None:
    first, second, lead = dates
    [signed] = sign_up(first, make_person())
    for what, rest in ((by_lead.remove, ()), (by_lead.move, (second,))):
        with pytest.raises(RuleBroken):
            act(what, signed, *rest, reason=" ", by=lead)
    assert state_of(signed) == SignUpState.CONFIRMED


def test_who_is_removed_reads_why_and_the_place_is_free(dates: Two) -> None:
    first, _second, lead = dates
    [signed] = sign_up(first, make_person())
    act(by_lead.remove, signed, by=lead)
    act(by_lead.remove, signed, by=lead)
    assert state_of(signed) == SignUpState.CANCELLED
    assert the_pool(first).taken == 0
    assert told(signed.person).count("sign_up.cancelled_by_staff") == 1


def test_where_there_is_no_place_nobody_is_moved_and_keeps_their_own(dates: Two) -> None:
    first, second, lead = dates
    sign_up(second, make_person())
    [signed] = sign_up(first, make_person())
    with pytest.raises(Full):
        act(by_lead.move, signed, second, by=lead)
    assert state_of(signed) == SignUpState.CONFIRMED
    assert (the_pool(first).taken, the_pool(second).taken) == (1, 1)


def test_nobody_is_moved_to_another_activity(dates: Two) -> None:
    first, _second, lead = dates
    [signed] = sign_up(first, make_person())
    elsewhere = make_roster(make_activity(starts=[at(10, days=5)]))
    with pytest.raises(RuleBroken):
        act(by_lead.move, signed, elsewhere, by=lead)


def test_who_is_moved_has_a_place_there_and_none_here_and_is_told_once(dates: Two) -> None:
    first, second, lead = dates
    [signed] = sign_up(first, make_person())
    made = act(by_lead.move, signed, second, by=lead)
    assert act(by_lead.move, signed, second, by=lead) is None
    assert (state_of(signed), state_of(made)) == (SignUpState.CANCELLED, SignUpState.CONFIRMED)
    assert (the_pool(first).taken, the_pool(second).taken) == (0, 1)
    assert told(signed.person) == ["sign_up.confirmed", "sign_up.moved_by_lead"], "once: the first was of the old date"
    moved = db.session.scalars(select(Notice).where(Notice.kind == "sign_up.moved_by_lead")).one()
    assert moved.path.endswith(f"/sign-ups/{made.reference}")


def test_who_gave_their_place_up_meanwhile_is_not_said_to_be_moved(dates: Two) -> None:
    first, second, lead = dates
    [signed] = sign_up(first, make_person())
    act(by_lead.remove, signed, by=lead)
    with pytest.raises(Conflict):
        act(by_lead.move, signed, second, by=lead)
    assert the_pool(second).taken == 0
