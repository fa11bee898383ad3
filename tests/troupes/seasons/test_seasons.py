"""Seasons: their dates, roster and pieces."""

from datetime import date, timedelta

import pytest
from flask import Flask

from center.kernel.db import transaction
from center.kernel.errors import Conflict, NotFound, RuleBroken
from center.troupes.models.troupes import MemberState
from center.troupes.seasons import actions, queries
from center.troupes.seasons.actions import SeasonFacts
from tests.builders import at
from tests.engines import ONE_ENGINE
from tests.troupes.builders import make_member, make_piece, make_season, make_troupe

pytestmark = ONE_ENGINE


def today() -> date:
    """The day."""
    return at(0, days=0).date()


def facts(days: int = 60, name: str = "春季") -> SeasonFacts:
    """A season of so many days."""
    return SeasonFacts(name=name, starts_on=today(), ends_on=today() + timedelta(days=days))


def test_dates_that_go_backwards_or_too_far_and_a_name_twice_are_refused(app: Flask) -> None:
    troupe = make_troupe()
    for days in (-1, 367):
        with pytest.raises(RuleBroken), transaction():
            actions.make(troupe, facts(days))
    make_season(troupe, name="春季")
    with pytest.raises(Conflict), transaction():
        actions.make(troupe, facts())
    other = make_season(troupe, name="夏季")
    with pytest.raises(Conflict), transaction():
        actions.edit(other, facts())
    elsewhere = make_troupe()
    with transaction():
        actions.make(elsewhere, facts())


def test_a_new_season_begins_with_everybody_who_is_in_the_troupe(app: Flask) -> None:
    troupe = make_troupe()
    inside = make_member(troupe)
    for state in (MemberState.APPLIED, MemberState.RESTING, MemberState.TRIAL, MemberState.LEFT):
        make_member(troupe, state=state)
    with transaction():
        season = actions.make(troupe, facts())
    assert [each.id for each in queries.roster_of(season.id)] == [inside.id]


def test_nobody_from_outside_and_no_piece_of_another_troupe(app: Flask) -> None:
    season = make_season()
    outside = [make_member(season.troupe, state=MemberState.APPLIED), make_member()]
    for member in outside:
        with pytest.raises(RuleBroken), transaction():
            actions.set_roster(season, [member.id])
    piece = make_piece()
    with pytest.raises(RuleBroken), transaction():
        actions.set_pieces(season, [piece.id])
    with pytest.raises(NotFound):
        queries.get_season(make_troupe(), season.id)


def test_the_roster_changes_and_who_left_stays_where_they_were(app: Flask) -> None:
    troupe = make_troupe()
    first, second, gone = make_member(troupe), make_member(troupe), make_member(troupe, state=MemberState.LEFT)
    piece = make_piece(troupe)
    season = make_season(troupe, members=[first, gone], pieces=[piece])
    with transaction():
        actions.set_roster(season, [second.id])
        actions.set_pieces(season, [])
    assert [each.id for each in queries.roster_of(season.id)] == [second.id]
    assert {each.id for each in queries.roster_of(season.id, with_left=True)} == {second.id, gone.id}
    assert queries.pieces_of(season.id) == []
    assert [each.id for each in queries.seasons_of_member(second.id, today())] == [season.id]
