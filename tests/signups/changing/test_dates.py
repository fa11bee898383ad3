"""What hangs on the dates of a roster moves along with them, whichever hand moves them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from center.activities import sessions
from center.activities.clashes import SessionPlan
from center.activities.models import Session
from center.commands.ledger_checks import ledger_findings
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import RuleBroken
from center.kernel.spans import Span
from center.notices.kinds import Kind
from center.notices.models import Delivery, DeliveryState, Notice
from center.signups import news
from center.signups.cancelling import cancel
from center.signups.changing.dates import Dates, Step, answer_until, carried, consequences
from center.signups.changing.rescheduling import look_if_added, look_if_cancelled, look_if_moved
from center.signups.changing.rules import Consequence, RosterCounts
from center.signups.models import Audience, Mode, PoolKind
from center.signups.news.lottery import DRAWN, DRAWN_LATER
from center.signups.offers import release_if_due
from center.signups.posting import actions as posting
from center.signups.queries import is_drawn
from center.signups.roster_state import hold, read
from center.signups.rosters import PoolFacts, RosterFacts
from center.signups.sweeps import SWEEPS
from tests.activity_builders import make_activity, make_roster, sign_up, state_of
from tests.builders import ZONE, at, make_account, make_organisation, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.reminders import of_sessions
from tests.walking import sent

pytestmark = [pytest.mark.usefixtures("app"), ONE_ENGINE]

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2027, 3, 1, 2, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
FIRST = NOW + 10 * DAY


@pytest.fixture(autouse=True)
def _ledger_stays_true(app: Flask) -> Iterator[None]:
    yield
    db.session.rollback()
    assert ledger_findings() == []


def step(days: Any) -> Step:
    return Step(was=FIRST, is_now=FIRST + days * DAY, zone=ZONE)


WINDOWS = {
    "an opening to come and a closing move": (5, 3 * DAY, 9 * DAY, (8 * DAY, 14 * DAY)),
    "what has opened stays open when it moves later": (5, -DAY, 9 * DAY, (-DAY, 14 * DAY)),
    "both move earlier": (-5, 3 * DAY, 9 * DAY, (-2 * DAY, 4 * DAY)),
    "what has opened opened earlier still": (-9, -DAY, 9 * DAY, (-10 * DAY, 0 * DAY)),
    "no opening and no closing stay none": (5, None, None, (None, None)),
    "what has closed may be open again": (5, None, -DAY, (None, 4 * DAY)),
}


@pytest.mark.parametrize("case", WINDOWS)
def test_sign_up_opens_and_closes_as_long_before_the_new_date(case: Any) -> None:
    days, opens, closes, (now_opens, now_closes) = WINDOWS[case]

    def when(far: timedelta | None) -> datetime | None:
        return None if far is None else NOW + far

    before = RosterFacts(opens_at=when(opens), closes_at=when(closes))
    after = carried(before, step(days), is_drawn=False, now=NOW)
    assert (after.opens_at, after.closes_at) == (when(now_opens), when(now_closes))
    assert carried(before, step(days), is_drawn=True, now=NOW) == before


def test_the_evening_before_stays_the_evening_before_when_the_clocks_change() -> None:
    winter, summer = (datetime(2027, 3, day, 14, tzinfo=BERLIN) for day in (26, 30))
    moved = Step(was=winter, is_now=summer, zone=BERLIN)
    assert moved.along(datetime(2027, 3, 25, 18, tzinfo=BERLIN)) == datetime(2027, 3, 29, 18, tzinfo=BERLIN)


ANSWERS = {
    "later: as if it were offered now": (HOUR, 9 * HOUR, 5 * DAY, 9 * HOUR),
    "never shorter than it was": (20 * HOUR, 9 * HOUR, 5 * DAY, 20 * HOUR),
    "earlier: two hours before the start": (20 * HOUR, 9 * HOUR, 8 * HOUR, 6 * HOUR),
    "very soon: until it starts": (20 * HOUR, 9 * HOUR, HOUR, HOUR),
    "nothing ahead: until it is over": (20 * HOUR, 9 * HOUR, None, 3 * HOUR),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_an_offer_can_be_answered_anew_but_never_later_than_offers_are_made(case: Any) -> None:
    stood, fresh, starts, until = ANSWERS[case]
    dates = Dates(first=FIRST, next=None if starts is None else NOW + starts, ends_at=NOW + 3 * HOUR)
    assert answer_until(NOW + stood, fresh=NOW + fresh, dates=dates, now=NOW) == NOW + until


CONSEQUENCES = {
    "a lottery is drawn at once": (
        RosterFacts(mode=Mode.LOTTERY, closes_at=NOW + DAY), -3, RosterCounts(asking=3), {Consequence.DRAWN_AT_ONCE: 3}
    ),
    "a lottery is drawn later": (
        RosterFacts(mode=Mode.LOTTERY, closes_at=NOW + DAY), 3, RosterCounts(asking=3),
        {Consequence.DRAWN_ON_ANOTHER_DAY: 3},
    ),
    "what was drawn stays so": (
        RosterFacts(mode=Mode.LOTTERY, closes_at=NOW - DAY), 3, RosterCounts(with_place=3, is_drawn=True), {}
    ),
    "sign-up closes": (RosterFacts(closes_at=NOW + DAY), -3, RosterCounts(), {Consequence.CLOSES_AT_ONCE: 0}),
    "sign-up opens": (RosterFacts(opens_at=NOW + DAY), -3, RosterCounts(), {Consequence.OPENS_AT_ONCE: 0}),
    "sign-up is open again": (RosterFacts(closes_at=NOW - DAY), 3, RosterCounts(), {Consequence.OPEN_AGAIN: 0}),
    "kept places are released": (
        RosterFacts(release_minutes=8 * 1440), -3, RosterCounts(kept_unused=2), {Consequence.RELEASED_AT_ONCE: 2}
    ),
    "kept places are kept again": (
        RosterFacts(release_minutes=11 * 1440), 3, RosterCounts(kept_unused=2, is_released=True),
        {Consequence.KEPT_AGAIN: 2},
    ),
    "the deadline for cancelling is over": (
        RosterFacts(cancel_minutes=8 * 1440), -3, RosterCounts(with_place=4), {Consequence.CANCEL_FOR_A_DAY: 4}
    ),
    "offers are asked anew": (RosterFacts(), 3, RosterCounts(with_place=2, offered=1), {Consequence.OFFERS_ANEW: 1}),
    "nothing follows": (RosterFacts(), 3, RosterCounts(with_place=2), {}),
}  # fmt: skip


@pytest.mark.parametrize("case", CONSEQUENCES)
def test_what_other_dates_mean_is_said_before(case: Any) -> None:
    before, days, roster_counts, expected = CONSEQUENCES[case]
    after = carried(before, step(days), is_drawn=roster_counts.is_drawn, now=NOW)
    first = FIRST + days * DAY
    dates = Dates(first=first, next=first, ends_at=first + HOUR)
    assert dict(consequences(before, after, FIRST, dates, roster_counts, now=NOW)) == expected


def move(session: Session, start: datetime, *, now: datetime | None = None, hours: int = 1) -> None:
    """As a lead moves it."""
    plan = SessionPlan(span=Span(start, start + hours * HOUR))
    with transaction():
        seen, by = str(session.sequence), session.activity.created_by
        posting.move(session, plan, by=by, now=now or clock.now(), reason="换时间", seen=seen)


def told(sign_up_: Any, kind: Kind) -> Any:
    return [each.body for each in db.session.scalars(
        select(Notice).where(Notice.person_id == sign_up_.person_id, Notice.kind == kind.code).order_by(Notice.id)
    )]  # fmt: skip


def test_a_lottery_moved_before_its_closing_is_drawn_at_once_and_everybody_is_told() -> None:
    roster = make_roster(capacity=1, mode=Mode.LOTTERY, closes_at=at(18, days=2))
    asked = [sign_up(roster, make_person())[0] for _ in range(3)]
    [session] = roster.activity.sessions
    effects = look_if_moved(roster.activity, session, Span(at(14), at(15)), now=clock.now())
    assert dict(effects[0][1].consequences)[Consequence.DRAWN_AT_ONCE] == 3
    move(session, at(14))
    assert is_drawn(roster)
    assert sorted(map(state_of, asked)) == ["confirmed", "waiting", "waiting"]
    assert sum(len(told(each, DRAWN)) + len(told(each, DRAWN_LATER)) for each in asked) == 3


def test_a_lottery_moved_later_is_drawn_as_long_before_as_it_was_to_be() -> None:
    roster = make_roster(capacity=1, mode=Mode.LOTTERY, closes_at=at(18, days=4))
    [asked] = sign_up(roster, make_person())
    move(roster.activity.sessions[0], at(10, days=12))
    db.session.refresh(roster)
    assert roster.closes_at == at(18, days=11)
    assert state_of(asked) == "requested"


def test_nobody_signs_up_in_the_middle_of_what_was_moved_earlier() -> None:
    roster = make_roster(closes_at=at(9, days=5))
    move(roster.activity.sessions[0], at(10, days=2))
    with pytest.raises(RuleBroken):
        sign_up(roster, make_person(), now=at(10, 30, days=2))


def test_what_is_moved_later_can_be_signed_up_for_until_as_long_before() -> None:
    roster = make_roster(closes_at=at(9, days=5))
    move(roster.activity.sessions[0], at(10, days=9))
    assert sign_up(roster, make_person(), now=at(8, days=9))


def test_the_whole_of_a_course_follows_its_first_date_however_that_came_to_be_another() -> None:
    activity = make_activity(starts=[at(10, days=5), at(10, days=12)])
    participants = make_roster(activity, opens_at=at(9, days=3), closes_at=at(18, days=4))
    helpers = make_roster(activity, audience=Audience.VOLUNTEERS, closes_at=at(9, days=5))
    first, second = activity.sessions

    def windows() -> Any:
        db.session.rollback()
        return [(each.opens_at, each.closes_at) for each in (participants, helpers)]

    move(second, at(10, days=13))
    assert windows() == [(at(9, days=3), at(18, days=4)), (None, at(9, days=5))]
    move(first, at(14, days=6))
    assert windows() == [(at(13, days=4), at(22, days=5)), (None, at(13, days=6))]
    plan = SessionPlan(span=Span(at(14, days=5), at(15, days=5)))
    assert len(look_if_added(activity, [plan.span], now=clock.now())) == 2
    with transaction():
        [added] = posting.add_dates(activity, [plan], by=activity.created_by, now=clock.now())
    assert windows() == [(at(13, days=3), at(22, days=4)), (None, at(13, days=5))]
    assert len(look_if_cancelled(activity, added, now=clock.now())) == 2
    with transaction():
        sessions.cancel_session(added, reason="停电", by=activity.created_by, now=clock.now())
    assert windows() == [(at(13, days=4), at(22, days=5)), (None, at(13, days=6))]


def test_who_takes_part_in_a_draw_or_has_an_offer_hears_of_another_time_where_a_date_comes_before() -> None:
    activity = make_activity(starts=[at(10, days=9)])
    lottery = make_roster(activity, mode=Mode.LOTTERY, closes_at=at(10, days=8))
    helpers = make_roster(activity, capacity=1, audience=Audience.VOLUNTEERS, offer_minutes=65 * 60)
    [asks] = sign_up(lottery, make_person())
    first, second = (sign_up(helpers, make_person())[0] for _ in range(2))
    with transaction():
        cancel(first, by=first.person, now=at(9, days=1))
    assert state_of(second) == "offered"
    plan = SessionPlan(span=Span(at(10, days=5), at(11, days=5)))
    [(_r, of_draw), (_r, of_offer)] = look_if_added(activity, [plan.span], now=at(10, days=1))
    assert dict(of_draw.consequences) == {Consequence.DRAWN_ON_ANOTHER_DAY: 1}
    assert Consequence.OFFERS_ANEW in dict(of_offer.consequences)
    with transaction():
        posting.add_dates(activity, [plan], by=activity.created_by, now=at(10, days=1))
    db.session.refresh(asks)
    assert asks.changed_at == second.changed_at == at(10, days=1)  # they were told once more
    db.session.refresh(lottery)
    assert (lottery.closes_at, second.offer_expires_at) == (at(10, days=4), at(8, days=5))


def test_an_earlier_date_is_reminded_of_and_takes_the_second_notice_and_the_release_with_it() -> None:
    activity = make_activity(starts=[at(10, days=9)])
    kept = make_roster(activity, pools=[PoolFacts(kind=PoolKind.ELDERS, capacity=2)], release_minutes=24 * 60)
    helpers = make_roster(activity, capacity=1, audience=Audience.VOLUNTEERS, offer_minutes=65 * 60)
    [comes] = sign_up(kept, make_person())
    first, second = (sign_up(helpers, make_person(phone=f"1990000005{n}"))[0] for n in range(2))
    with transaction():
        cancel(first, by=first.person, now=at(9, days=1))
    plan = SessionPlan(span=Span(at(10, days=5), at(11, days=5)))
    with transaction():
        posting.add_dates(activity, [plan], by=activity.created_by, now=at(10, days=1))
    db.session.refresh(second)
    told_twice = told(second, news.OFFERED)
    assert len(set(told_twice)) == 2
    assert "2026年11月29日 周日 08:00" in told_twice[1]
    calls = select(Delivery.drop_at).join(Notice).where(
        Notice.person_id == second.person_id, Notice.kind == news.OFFERED.code, Delivery.state == DeliveryState.DUE
    )  # fmt: skip
    assert list(db.session.scalars(calls)) == [second.offer_expires_at] == [at(8, days=5)]
    assert [of_sessions.due_for_tomorrow(at(19, days=days)) for days in (3, 4, 7, 8)] == [
        [],
        [comes.id],
        [],
        [comes.id],
    ]
    assert [of_sessions.due_soon(at(hour, days=5)) for hour in (7, 8)] == [[], [comes.id]]
    released = next(each for each in SWEEPS if each.name == "kept_places_released")
    assert [list(released.due(at(*clock_, days=4))) for clock_ in ((9, 59), (10,))] == [[], [kept.id]]
    released.settle(kept.id, at(10, days=4))
    db.session.refresh(kept)
    assert kept.released_at == at(10, days=4)


def test_an_activity_called_off_and_set_anew_keeps_its_distances() -> None:
    activity = make_activity()
    roster = make_roster(activity, closes_at=at(18, days=4))
    by = activity.created_by
    with transaction():
        sessions.cancel_session(activity.sessions[0], reason="台风", by=by, now=clock.now())
    with transaction():
        posting.add_dates(activity, [SessionPlan(span=Span(at(10, days=20), at(11, days=20)))], by=by, now=clock.now())
    db.session.refresh(roster)
    assert roster.closes_at == at(18, days=19)


def test_only_the_sign_up_of_the_date_that_moves_moves() -> None:
    activity = make_activity(starts=[at(10, days=5), at(10, days=12)])
    rosters = [make_roster(activity, session=each, closes_at=each.starts_at - DAY) for each in activity.sessions]
    move(activity.sessions[1], at(10, days=14))
    for each in rosters:
        db.session.refresh(each)
    assert [each.closes_at for each in rosters] == [at(10, days=4), at(10, days=13)]


def test_an_offer_ends_before_what_was_moved_earlier_and_so_does_its_call() -> None:
    roster = make_roster(capacity=1)
    first, second = (sign_up(roster, make_person())[0] for _ in range(2))
    with transaction():
        cancel(first, by=first.person, now=at(9, days=2))
    assert state_of(second) == "offered"
    move(roster.activity.sessions[0], at(18, days=2), now=at(10, days=2))
    assert state_of(second) == "offered"
    assert second.offer_expires_at == at(16, days=2)
    due = select(Delivery.drop_at).join(Notice).where(
        Notice.person_id == second.person_id, Notice.kind == news.OFFERED.code, Delivery.state == DeliveryState.DUE
    )  # fmt: skip
    assert set(db.session.scalars(due)) <= {at(16, days=2)}


def test_kept_places_are_kept_again_when_their_date_moves_away() -> None:
    roster = make_roster(capacity=1, pools=[PoolFacts(kind=PoolKind.ELDERS, capacity=2)])
    with transaction():
        release_if_due(hold(roster), now=at(11, days=4))
    db.session.refresh(roster)
    assert roster.released_at is not None
    move(roster.activity.sessions[0], at(10, days=12), now=at(11, days=4))
    db.session.refresh(roster)
    assert roster.released_at is None
    move(roster.activity.sessions[0], at(10, days=5), now=at(11, days=4))
    db.session.refresh(roster)
    assert roster.released_at == at(11, days=4)


def test_who_has_a_place_may_cancel_without_a_word_for_a_day_after_a_move() -> None:
    roster = make_roster()
    one, two = (sign_up(roster, make_person())[0] for _ in range(2))
    move(roster.activity.sessions[0], at(20, days=2), now=at(10, days=2))
    with transaction():
        cancel(one, by=one.person, now=at(19, days=2))
    assert state_of(one) == "cancelled"
    assert read(roster).cancel_deadline(at(19, days=2)) == at(20, days=2)
    move(roster.activity.sessions[0], at(20, days=4), now=at(19, days=2))
    with pytest.raises(RuleBroken), transaction():
        cancel(two, by=two.person, now=at(21, days=3))


def test_the_same_time_in_another_room_moves_nothing() -> None:
    roster = make_roster(closes_at=at(18, days=4))
    [session] = roster.activity.sessions
    assert look_if_moved(roster.activity, session, Span(session.starts_at, session.ends_at), now=clock.now()) == []


def test_the_pages_that_change_dates_say_what_follows_for_sign_up(client: FlaskClient) -> None:
    lead = make_account()
    organisation = make_organisation(leads=[lead.person], publishes_directly=True)
    activity = make_activity(organisation=organisation, starts=[at(10, days=9)])
    roster = make_roster(activity, mode=Mode.LOTTERY, closes_at=at(18, days=2))
    sign_up(roster, make_person())
    sign_in(client, lead)
    [session] = activity.sessions
    hours = {"date": at(10).date().isoformat(), "start": "10:00", "end": "11:00", "place": "江边", "seen": "0"}
    work = f"/workspace/activities/{activity.slug}"
    shown = sent(client, f"{work}/sessions/{session.id}/move/answers", hours).text
    assert "报名马上截止并抽签：参加抽签的 1 人会收到结果。" in shown
    dates = {"pattern": "one", "every_weeks": "1", "date": at(10, days=8).date().isoformat()}
    shown = client.post(f"{work}/dates", data={**hours, **dates, "stage": "look"}).text
    assert "抽签时间随之改变" in shown


def test_reminders_go_out_before_the_date_as_it_is_now() -> None:
    roster = make_roster()
    [one] = sign_up(roster, make_person())
    assert of_sessions.due_for_tomorrow(at(19, days=4)) == [one.id]
    move(roster.activity.sessions[0], at(10, days=8), now=at(12, days=3))
    assert [of_sessions.due_for_tomorrow(at(19, days=days)) for days in (4, 7)] == [[], [one.id]]
