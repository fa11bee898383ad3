"""A plan of rehearsals rearranged by hand: one step at a time, and what it changes for whom."""

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, RuleBroken
from center.people.models import Account
from center.troupes.models.pieces import Piece as Song
from center.troupes.models.troupes import TroupeMember
from center.troupes.performances import rehearsal_calls, telling_calls
from center.troupes.performances.models import Performance, RehearsalPiece
from center.troupes.performances.rearranging import (
    Difference,
    Move,
    as_text,
    differences,
    from_text,
    rearranged,
)
from center.troupes.performances.rehearsing import Piece, Plan, laid
from tests.activity_builders import make_activity
from tests.builders import at, make_account, make_organisation, sign_in
from tests.engines import ONE_ENGINE
from tests.troupes.builders import make_member, make_piece, make_season, make_troupe
from tests.troupes.performances.builders import make_performance, told

A, B, C = 11, 12, 13
DUET, SOLO, OTHER = Piece(1, 30, frozenset({A, B})), Piece(2, 20, frozenset({A})), Piece(3, 30, frozenset({C}))
PLAN = Plan((laid([DUET, SOLO], 7, 60), laid([], 8, 60)), (OTHER,))


def order(plan: Plan) -> list[list[tuple[int, int]]]:
    return [[(slot.piece.item_id, slot.piece.minutes) for slot in each.slots] for each in plan.rehearsals]


@pytest.mark.parametrize(
    ("move", "piece", "session"),
    [(Move.UP, 3, 7), (Move.UP, 1, 8), (Move.INTO, 1, 7), (Move.OUT, 9, 7), (Move.LATER, 1, 9)],
)
def test_a_piece_that_stands_elsewhere_by_now_is_left_where_it_is(move: Move, piece: int, session: int) -> None:
    with pytest.raises(Conflict):
        rearranged(PLAN, move, piece, session)


def test_no_step_makes_a_rehearsal_longer_than_it_is() -> None:
    with pytest.raises(RuleBroken):
        rearranged(PLAN, Move.INTO, 3, 7)
    full = rearranged(rearranged(PLAN, Move.LONGER, 1, 7), Move.LONGER, 1, 7)
    with pytest.raises(RuleBroken):
        rearranged(full, Move.LONGER, 1, 7)
    with pytest.raises(RuleBroken):
        rearranged(PLAN, Move.EARLIER, 1, 7)


def test_what_is_too_long_since_the_date_was_moved_can_be_made_shorter_step_by_step() -> None:
    short = Plan((laid([DUET, SOLO], 7, 30),))
    assert order(rearranged(short, Move.SHORTER, 1, 7)) == [[(1, 25), (2, 20)]]


def test_each_step_moves_one_piece() -> None:
    assert order(rearranged(PLAN, Move.DOWN, 1, 7)) == [[(2, 20), (1, 30)], []]
    assert order(rearranged(PLAN, Move.UP, 2, 7)) == [[(2, 20), (1, 30)], []]
    assert order(rearranged(PLAN, Move.UP, 1, 7)) == [[(1, 30), (2, 20)], []]
    assert order(rearranged(PLAN, Move.LATER, 2, 7)) == [[(1, 30)], [(2, 20)]]
    assert order(rearranged(PLAN, Move.INTO, 3, 8)) == [[(1, 30), (2, 20)], [(3, 30)]]
    out = rearranged(PLAN, Move.OUT, 2, 7)
    assert (order(out), out.left_out) == ([[(1, 30)], []], (OTHER, SOLO))


def test_who_is_called_at_another_time_is_said() -> None:
    moved = rearranged(PLAN, Move.LATER, 1, 7)
    assert differences(PLAN, moved) == [
        Difference(A, 7, (0, 50), (0, 20)),
        Difference(B, 7, (0, 30), None),
        Difference(A, 8, None, (0, 30)),
        Difference(B, 8, None, (0, 30)),
    ]
    assert differences(PLAN, PLAN) == []


def test_a_plan_in_an_address_is_read_back_and_anything_else_is_not() -> None:
    moved = rearranged(PLAN, Move.LATER, 1, 7)
    assert order(from_text(as_text(PLAN), moved) or moved) == order(PLAN)
    for wrong in ("", "7", "x:1.30", "9:1.30_8:", "7:1.30-1.30_8:", "7:9.30_8:", "7:1.999_8:", "7:1.1_8:"):
        assert from_text(wrong, moved) is None


def _scene(leads: Account) -> tuple[Performance, list[Song], list[TroupeMember], list[int]]:
    organisation = make_organisation(leads=[leads.person])
    troupe = make_troupe(organisation=organisation, slug="choir")
    members = [make_member(troupe), make_member(troupe)]
    pieces = [make_piece(troupe, heads={}, title="一"), make_piece(troupe, heads={}, title="二")]
    season = make_season(troupe, members=members, pieces=pieces)
    activity = make_activity(organisation=organisation, starts=[at(10, days=2), at(10, days=4)], minutes=60)
    with transaction():
        season.activity_id = activity.id
    show = make_performance(troupe, season=season, pieces=pieces, cast={1: members[:1], 2: members[1:]})
    return show, pieces, members, [each.id for each in activity.sessions]


@ONE_ENGINE
def test_a_lead_rearranges_by_buttons_reads_what_changes_takes_it_back_and_prints_it(client: FlaskClient) -> None:
    lead = make_account(locale="en")
    show, pieces, members, sessions = _scene(lead)
    base = f"/workspace/troupes/choir/performances/{show.id}/rehearsals"
    sign_in(client, make_account())
    assert client.post(f"{base}/order", data={"how": "up"}).status_code == 404
    sign_in(client, lead)
    assert client.post(f"{base}/order", data={"how": "sideways"}).status_code == 404
    plan = rehearsal_calls.plan_for(show, now=clock.now())
    at_first = next(each for each in plan.rehearsals if any(slot.piece.item_id == pieces[0].id for slot in each.slots))
    move = "later" if at_first.session_id == sessions[0] else "earlier"
    sent = {"piece": pieces[0].id, "session": at_first.session_id, "how": move}
    moved = client.post(f"{base}/order", data=sent)
    page = client.get(moved.location).text
    assert "What this changes" in page
    assert f": {members[0].person.name}</li>" in page
    assert "not called" in page
    assert "The plan has changed meanwhile" in client.post(f"{base}/order", data=sent, follow_redirects=True).text
    assert members[0].person.name in client.get(f"{base}/print").text
    was = as_text(plan)
    assert client.post(f"{base}/order", data={"how": "undo", "was": was}).status_code == 303
    db.session.rollback()
    kept = {row.piece_id: row.session_id for row in db.session.scalars(select(RehearsalPiece))}
    assert kept[pieces[0].id] == at_first.session_id
    assert client.post(f"{base}/order", data={"how": "undo", "was": "7:1.1"}, follow_redirects=True).status_code == 200


@ONE_ENGINE
def test_whose_rehearsals_have_changed_hears_of_it_once_at_one_press(client: FlaskClient) -> None:
    lead = make_account(locale="en")
    show, pieces, [first, second], _sessions = _scene(lead)
    base = f"/workspace/troupes/choir/performances/{show.id}/rehearsals"
    sign_in(client, make_account())
    assert client.post(f"{base}/tell").status_code == 404
    sign_in(client, lead)
    assert "1 member" not in client.get(base).text  # nothing is written down yet
    client.post(base)
    assert "2 members do not know yet" in client.get(base).text
    assert "2 members are told" in client.post(f"{base}/tell", follow_redirects=True).text
    assert "do not know yet" not in client.get(base).text
    plan = rehearsal_calls.plan_for(show, now=clock.now())
    held = next(each for each in plan.rehearsals if any(slot.piece.item_id == pieces[0].id for slot in each.slots))
    client.post(f"{base}/order", data={"piece": pieces[0].id, "session": held.session_id, "how": "out"})
    client.post(f"{base}/tell")
    client.post(f"{base}/tell")
    assert [len(told(each.person, "performances.rehearsals")) for each in (first, second)] == [2, 1]
    with time_machine.travel(at(13, days=2), tick=False):  # what is over changes nothing for anybody
        assert telling_calls.to_tell(show, now=clock.now()) == []
