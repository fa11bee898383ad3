"""Volunteers sign in and out; what is forgotten is settled, and what is done is reviewed, certified and put right."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from center.attendance.hours import actions, certificates, deciding, queries
from center.attendance.hours.sweeps import SWEEPS
from center.attendance.models.hours import HourCertificate, Shift, ShiftState
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, DomainError, RuleBroken
from center.kernel.i18n import speaking
from center.notices.models import Notice
from center.people.models import Person
from tests.attendance.hours.builders import make_lead, make_session, make_shift, standing
from tests.builders import at, make_organisation, make_person
from tests.engines import ONE_ENGINE

pytestmark = pytest.mark.usefixtures("app")


def ten() -> datetime:
    return at(10, days=1)


def noon() -> datetime:
    return at(12, days=1)


def evening() -> datetime:
    return at(19, days=1)


def done(act: Callable[..., Any], *given: Any, **more: Any) -> Any:
    """Do it in a transaction of its own, at noon unless told otherwise, by whoever leads unless told otherwise."""
    by = more.pop("by", None) or make_lead()
    with transaction():
        return act(*given, **{"now": noon(), "by": by, **more})


def refused(words: str, act: Callable[..., Any], *given: Any, **more: Any) -> DomainError:
    with pytest.raises(DomainError) as found:
        done(act, *given, **more)
    with speaking("en"):
        assert words in str(found.value)
    return found.value


def told(person: Person) -> list[str]:
    return list(
        db.session.scalars(select(Notice.kind).where(Notice.person_id == person.id, Notice.kind.like("hours%")))
    )


def test_in_and_out_twice_is_once() -> None:
    her = make_person()
    session = make_session(her)
    first, again = (done(actions.sign_in, session, her, now=ten()) for _ in range(2))
    assert first.id == again.id
    left, left_again = (done(actions.sign_out, session, her, now=at(11, 30 + n, days=1)) for n in range(2))
    assert (left.id, left.out_at, left_again.out_at) == (first.id, at(11, 30, days=1), at(11, 30, days=1))
    assert left.state is ShiftState.DONE


@ONE_ENGINE
def test_nobody_else_is_signed_in_and_nobody_who_is_not_out() -> None:
    her, stranger = make_person(), make_person()
    session = make_session(her)
    refused("no place among the volunteers", actions.sign_in, session, stranger, now=ten())
    refused("not signed in here", actions.sign_out, session, her, now=ten())
    refused("too early", actions.sign_in, session, her, now=at(8, 59, days=1))
    refused("It is over", actions.sign_in, session, her, now=noon())


@ONE_ENGINE
def test_somebody_is_at_one_place_at_a_time_unless_they_were_forgotten_at_the_other() -> None:
    her = make_person()
    first, second, later = make_session(her), make_session(her), make_session(her, start=at(15, days=1))
    left_behind = done(actions.sign_in, first, her, now=ten())
    assert isinstance(refused("still signed in", actions.sign_in, second, her, now=ten()), Conflict)
    done(actions.sign_in, later, her, now=at(15, days=1))
    assert standing([left_behind]) == [ShiftState.FORGOTTEN]


@ONE_ENGINE
def test_all_go_at_once() -> None:
    people = [make_person() for _ in range(3)]
    session = make_session(*people)
    for each in people[:2]:
        done(actions.sign_in, session, each, now=ten())
    assert len(done(actions.all_out, session)) == 2
    assert done(actions.all_out, session) == []


@ONE_ENGINE
def test_a_press_by_mistake_is_undone_for_ten_minutes() -> None:
    her = make_person()
    session = make_session(her)
    shift = done(actions.sign_in, session, her, now=ten())
    done(actions.sign_out, session, her, now=at(11, days=1))
    done(actions.undo, shift, now=at(11, 9, days=1))
    assert (standing([shift]), shift.out_at) == ([ShiftState.OPEN], None)
    refused("no longer be undone", actions.undo, shift, now=at(11, 10, days=1))
    done(actions.sign_out, session, her, now=at(11, 30, days=1))
    again = done(actions.sign_in, session, her, now=at(11, 40, days=1))
    for _ in range(2):
        done(actions.undo, again, now=at(11, 41, days=1))
    assert standing([shift, again]) == [ShiftState.DONE, ShiftState.UNDONE]


def test_a_forgotten_end_is_proposed_swept_and_settled() -> None:
    her = make_person()
    session = make_session(her)
    shift = done(actions.sign_in, session, her, now=ten())
    [sweep] = SWEEPS
    assert sweep.due(at(13, days=1)) == []
    assert [each.id for each in queries.waiting_for(session.activity.organisation_id, now=evening())] == [shift.id]
    refused("more than an hour ago", actions.sign_out, session, her, now=evening())
    assert sweep.due(evening()) == [shift.id]
    for _ in range(2):
        sweep.settle(shift.id, evening())
    assert (standing([shift]), sweep.due(evening())) == ([ShiftState.FORGOTTEN], [])
    refused("somebody else decides", actions.accept_end, shift, by=her, now=evening())
    for _ in range(2):
        done(actions.accept_end, shift, now=evening())
    assert (standing([shift]), shift.out_at) == ([ShiftState.DONE], noon())


@ONE_ENGINE
def test_another_end_than_the_proposed_one_needs_a_reason() -> None:
    her = make_person()
    shift = done(actions.sign_in, make_session(her), her, now=ten())
    early = at(11, days=1)
    assert refused("how you know", actions.settle_end, shift, early, now=evening()).field == "reason"
    done(actions.settle_end, shift, early, reason="她去接孙子", now=evening())
    assert (standing([shift]), shift.out_at, shift.reason) == ([ShiftState.DONE], early, "她去接孙子")
    refused("changed meanwhile", actions.settle_end, shift, noon(), now=evening())


@ONE_ENGINE
def test_no_two_shifts_of_somebody_overlap() -> None:
    her = make_person()
    make_shift(her)
    other = make_session(her, start=at(11, days=1))
    refused("other hours", actions.write_down, other, her, at(11, days=1), at(13, days=1), reason="纸", now=evening())
    first, again = (
        done(actions.write_down, other, her, noon(), at(13, days=1), reason="纸", now=evening()) for _ in range(2)
    )
    assert first.id == again.id


def test_certified_by_somebody_else_and_once() -> None:
    her, lead, other = make_person(), make_lead(), make_lead()
    shift = make_shift(her)
    refused("your own hours", deciding.certify, shift, by=her)
    for each in (lead, other):
        done(deciding.certify, shift, by=each)
    assert (standing([shift]), shift.certified_by_id) == ([ShiftState.CERTIFIED], lead.id)


@pytest.mark.parametrize("of_one_session", [True, False])
def test_a_long_day_is_reviewed_by_one_and_certified_by_another(of_one_session: bool) -> None:
    her, lead, third = make_person(), make_lead(), make_lead()
    organisation = make_organisation()
    lengths = [9.0] if of_one_session else [5.0, 3.5]
    starts = [at(8, days=1), at(14, days=1)]
    shifts = [
        make_shift(her, start=start, hours=hours, organisation=organisation)
        for start, hours in zip(starts, lengths, strict=False)
    ]
    assert queries.count_to_review() == 1
    assert done(deciding.certify_all, shifts, by=lead) == []
    refused("second person", deciding.certify, shifts[0], by=lead)
    refused("your own hours", deciding.review, shifts[0], by=her)
    for _ in range(2):
        done(deciding.review, shifts[0], by=third)
    refused("somebody else certifies", deciding.certify, shifts[0], by=third)
    assert len(done(deciding.certify_all, shifts, by=lead)) == len(shifts)
    assert queries.count_to_review() == 0


def test_what_is_refused_says_why_and_tells_the_volunteer_once() -> None:
    her = make_person()
    shift = make_shift(her)
    assert refused("fill this in", deciding.refuse, shift, reason="").field == "reason"
    for _ in range(2):
        done(deciding.refuse, shift, reason="她那天不在")
    assert (standing([shift]), shift.reason, told(her)) == ([ShiftState.REFUSED], "她那天不在", ["hours.refused"])
    refused("changed meanwhile", deciding.certify, shift)


def test_a_correction_is_a_new_row_to_be_certified_anew() -> None:
    her = make_person()
    shift = make_shift(her, state=ShiftState.CERTIFIED)
    made, again = (
        done(deciding.correct, shift, ten(), at(11, days=1), reason="早走了", now=evening()) for _ in range(2)
    )
    assert made.id == again.id
    assert standing([shift, made]) == [ShiftState.REPLACED, ShiftState.DONE]
    assert (made.replaces_id, made.certified_by_id, told(her)) == (shift.id, None, ["hours.corrected"])
    refused("changed meanwhile", deciding.correct, shift, ten(), noon(), reason="别的", now=evening())
    done(deciding.certify, made)
    done(deciding.refuse, made, reason="弄错了人")
    assert [each.state for each in queries.shifts_of(her.id)] == [ShiftState.REFUSED]


@ONE_ENGINE
def test_a_certificate_sums_up_what_is_certified_and_ends_with_a_correction() -> None:
    her = make_person()
    first = make_shift(her, state=ShiftState.CERTIFIED)
    make_shift(her, start=at(14, days=1), hours=1.5)
    day = first.day
    refused("last day is before", certificates.issue, her, None, day, day - timedelta(days=1))
    refused("No hours are certified", certificates.issue, make_person(), None, day, day)
    made, again = (done(certificates.issue, her, None, day, day) for _ in range(2))
    assert (made.id, made.minutes, len(made.number)) == (again.id, 120, certificates.LENGTH)
    found = certificates.get(certificates.in_groups(made.number).lower().replace("0", "o"))
    assert certificates.holds(found)
    done(deciding.correct, first, ten(), at(11, days=1), reason="早走了", now=evening())
    db.session.expire_all()
    assert not certificates.holds(certificates.get(made.number))
    with pytest.raises(DomainError):
        certificates.get("x" * 2000)


@pytest.mark.parametrize(
    "change",
    [
        {"certified_by_id": "person_id"},
        {"reviewed_by_id": "person_id"},
        {"reviewed_by_id": "certified_by_id"},
        {"in_at": "out_at"},
        {"state": "open"},
        {"state": "refused"},
    ],
)
def test_the_database_refuses_what_no_action_does(app: Flask, change: dict[str, str]) -> None:
    shift = make_shift(state=ShiftState.CERTIFIED)
    [(name, value)] = change.items()
    with pytest.raises(IntegrityError), transaction():
        setattr(shift, name, ShiftState(value) if name == "state" else getattr(shift, value))
        db.session.flush()


def test_the_database_adds_up_the_day_and_sees_overlaps_itself() -> None:
    her, lead = make_person(), make_lead()
    make_shift(her, start=at(8, days=1), hours=5, state=ShiftState.CERTIFIED)
    late = make_shift(her, start=at(14, days=1), hours=3.5)

    def certified(**facts: Any) -> None:
        with transaction():
            for name, value in {**facts, "state": ShiftState.CERTIFIED}.items():
                setattr(late, name, value)
            late.certified_by_id, late.certified_at = lead.id, evening()
            db.session.flush()

    for facts in ({}, {"in_at": at(12, 59, days=1), "reviewed_by_id": make_lead().id, "reviewed_at": evening()}):
        with pytest.raises(IntegrityError):
            certified(**facts)
    certified(reviewed_by_id=make_lead().id, reviewed_at=evening())
    with transaction():  # a word of it may still go
        late.reason = ""
    for table in (Shift, HourCertificate):
        assert db.session.scalar(select(func.count()).select_from(table)) is not None


def test_nobody_removes_what_was_given() -> None:
    shift = make_shift()
    with pytest.raises(IntegrityError), transaction():
        db.session.delete(shift)
        db.session.flush()
    with pytest.raises(RuleBroken):
        done(actions.undo, shift)
