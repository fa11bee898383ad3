"""What the database holds of troupes: how a member stands, who leads, and that everything is of one troupe."""

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError

from center.kernel import clock
from center.kernel.db import db, transaction
from center.troupes.models.seasons import SeasonMember
from center.troupes.models.troupes import STEPS, MemberEvent, MemberState, Office, TroupeMember, TroupeOffice
from tests.builders import LONG_AGO
from tests.troupes.builders import make_leader, make_member, make_season, make_troupe


def _say(member: TroupeMember, was: MemberState | None, became: MemberState) -> None:
    said = {"by_id": member.person_id, "at": clock.now(), "on_date": clock.now().date()}
    with transaction() as session:
        session.add(MemberEvent(member_id=member.id, was=was, became=became, **said))


def _refused(name: str, member: TroupeMember, was: MemberState | None, became: MemberState) -> None:
    with pytest.raises(DBAPIError, match=name):
        _say(member, was, became)


def test_a_state_changes_by_what_happened_and_by_nothing_else(app: Flask) -> None:
    member = make_member()
    for values in ({"state": MemberState.RESTING}, {"joined_on": LONG_AGO}):
        with pytest.raises(DBAPIError, match="troupe_members_step"), transaction() as session:
            session.execute(update(TroupeMember).values(**values))
    with pytest.raises(DBAPIError, match="troupe_members_no_delete"), transaction() as session:
        session.execute(delete(TroupeMember))
    _say(member, MemberState.ACTIVE, MemberState.RESTING)
    assert db.session.scalar(select(TroupeMember.state)) is MemberState.RESTING


def test_only_steps_that_are_allowed_are_taken(app: Flask) -> None:
    """What is wrong is refused twice: by the table of steps, and by how the member stands."""
    troupe = make_troupe()
    applied, trial, left = (make_member(troupe, state=MemberState(each)) for each in ("applied", "trial", "left"))
    allowed = {(MemberState(was), MemberState(became)) for was, became in STEPS if was}
    for was in (MemberState.APPLIED, MemberState.LEFT):
        member = applied if was is MemberState.APPLIED else left
        for became in set(MemberState) - {became for start, became in allowed if start is was}:
            _refused("ck_troupe_member_events_step", member, was, became)
    _refused("troupe_member_events_step", trial, MemberState.ACTIVE, MemberState.LEFT)
    _refused("troupe_member_events_step", trial, None, MemberState.APPLIED)
    assert db.session.scalar(select(func.count()).select_from(MemberEvent)) == 1 + 2 + 3


def test_what_happened_is_altered_by_nobody(app: Flask) -> None:
    make_member()
    for statement in (
        update(MemberEvent).values(reason="x"),
        update(MemberEvent).values(reason=""),
        delete(MemberEvent),
    ):
        with pytest.raises(DBAPIError, match="troupe_member_events_append_only"), transaction() as session:
            session.execute(statement)


def test_a_troupe_has_one_leader_at_a_time_and_nobody_leads_who_has_left(app: Flask) -> None:
    troupe = make_troupe()
    leader, other, gone = make_leader(troupe), make_member(troupe), make_member(troupe, state=MemberState.LEFT)
    named = {"troupe_id": troupe.id, "named_by_id": leader.person_id, "named_at": clock.now(), "starts_on": LONG_AGO}
    for member_id, office, ends_on, refused in (
        (other.id, Office.LEADER, None, "one_leader|troupe_offices_leader|troupe_offices.troupe_id"),
        (other.id, Office.LEADER, LONG_AGO, "one_leader"),
        (gone.id, Office.DEPUTY, None, "troupe_offices_left"),
    ):
        with pytest.raises(DBAPIError, match=refused), transaction() as session:
            session.add(TroupeOffice(member_id=member_id, office=office, ends_on=ends_on, **named))
    _refused("troupe_offices_left", leader, MemberState.ACTIVE, MemberState.LEFT)


def test_a_season_has_no_member_of_another_troupe(app: Flask) -> None:
    season, stranger = make_season(), make_member()
    with pytest.raises(DBAPIError, match=r"(?i)foreign key"), transaction() as session:
        session.add(SeasonMember(season_id=season.id, member_id=stranger.id, troupe_id=season.troupe_id))
