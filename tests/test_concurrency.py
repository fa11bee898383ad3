"""Nobody can double-book, whichever way they try: many processes race for the same slots on each engine.

The races go through the real booking form of a real server. What holds is the database: with its constraint dropped the
race does show, and with it in place it does not. Without that control the test would prove nothing.
"""

from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import select, text

from center.bookings.models import LIVE, Booking, BookingStatus
from center.kernel.db import db
from center.rooms.models import Approval, Occupancy, Room
from tests import race
from tests.builders import ZONE, at, make_account, make_hall, make_room, session_cookie
from tests.conftest import make_app, need_postgres
from tests.engines import ENGINES, Engines, dispose
from tests.servers import Site, serve

RIVALS = 6
DROPPED = {
    "sqlite": ["DROP TRIGGER occupancies_no_overlap_insert", "DROP TRIGGER occupancies_no_overlap_update"],
    "postgresql": ["ALTER TABLE occupancies DROP CONSTRAINT occupancies_no_overlap"],
}


@pytest.fixture(scope="module", params=ENGINES)
def site(
    request: pytest.FixtureRequest, engines: Engines, worker: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The site with two server processes on one database of each engine."""
    if request.param == "postgresql":
        need_postgres(engines)
    url = engines.new_url(request.param, f"race_{worker}")
    with serve(url, tmp_path_factory.mktemp("race"), workers=2) as site, site.app.app_context():
        yield site


@pytest.fixture
def cookies(site: Site) -> list[str]:
    """The rivals, each signed in to an account of their own."""
    return [session_cookie(site.app, make_account()) for _ in range(RIVALS)]


def test_one_of_many_gets_a_slot_and_the_others_are_told(site: Site, cookies: list[str]) -> None:
    rooms = [make_room(live_limit=0), make_room(live_limit=0, approval=Approval.ALWAYS)]
    wishes = [_wish(room, hour) for hour in (9, 10) for room in rooms]
    outcomes = _race(site, [(cookie, wishes) for cookie in cookies])
    for answers in outcomes:
        _assert_one_winner(answers)
    statuses = Counter(booking.status for booking in _live(rooms))
    assert statuses == {BookingStatus.CONFIRMED: 2, BookingStatus.REQUESTED: 2}
    _assert_ledger_is_true()


def test_a_hall_and_its_parts_are_never_taken_twice(site: Site, cookies: list[str]) -> None:
    places = make_hall(live_limit=0)
    hours = (9, 11)
    rivals = [(cookie, [_wish(places[n % 3], hour) for hour in hours]) for n, cookie in enumerate(cookies)]
    for answers in _race(site, rivals):
        won = Counter(answer.room for answer in answers if answer.status == 303)
        _assert_polite(answers)
        assert won in ({places[0].code: 1}, {places[1].code: 1, places[2].code: 1}), won
    _assert_ledger_is_true()


def test_overlapping_wishes_of_different_lengths_do_not_both_win(site: Site, cookies: list[str]) -> None:
    room = make_room(live_limit=0, buffer_minutes=30)
    rivals = [
        (cookie, [_wish(room, 9, "30" if n % 2 else "00", minutes=90 if n % 3 else 60)])
        for n, cookie in enumerate(cookies)
    ]
    [answers] = _race(site, rivals)
    _assert_one_winner(answers)
    _assert_ledger_is_true()


def test_one_form_sent_many_times_at_once_makes_one_booking(site: Site) -> None:
    account, room = make_account(), make_room()
    cookie = session_cookie(site.app, account)
    with race.Browser(site.address, cookie) as browser:
        path, form = browser.fill_in(_wish(room, 9))
    answers = race.run([(race.send_again, (site.address, cookie, path, form))] * RIVALS)
    assert {answer.status for answer in answers} == {303}, [answer.page[:3000] for answer in answers]
    assert len({answer.location for answer in answers}) == 1
    assert len(_live([room])) == 1
    _assert_ledger_is_true()


def test_nobody_gets_past_their_limit_by_sending_at_once(site: Site) -> None:
    cookie = session_cookie(site.app, make_account())
    rooms = [make_room(live_limit=2) for _ in range(6)]
    answers = _race(site, [(cookie, [_wish(room, 9)]) for room in rooms])[0]
    _assert_polite(answers)
    assert len(_live(rooms)) == 2


@pytest.mark.slow("without the constraint the race must be lost at least once")
@pytest.mark.parametrize("is_held", [False, True], ids=["without the constraint", "with the constraint"])
def test_it_is_the_database_that_refuses(engine: str, engines: Engines, worker: str, is_held: bool) -> None:
    """The negative control: writers that do not look first double-book as soon as the constraint is gone."""
    url = engines.new_url(engine, f"control_{worker}_{is_held}".lower())
    app = make_app(url)
    try:
        with app.app_context():
            room = make_room()
            if not is_held:
                with db.engine.begin() as connection:
                    for guard in DROPPED[engine]:
                        connection.execute(text(guard))
            moments = [(at(hour), at(hour + 1)) for hour in range(8, 18)]
            taken = sum(race.run([(race.take, (url, room.id, moments))] * 4))
            overlaps = _overlaps()
    finally:
        dispose(app)
    assert (taken, overlaps) == (len(moments), 0) if is_held else (taken > len(moments) and overlaps > 0)


def _wish(room: Room, hour: int, minute: str = "00", *, minutes: int = 60) -> race.Wish:
    day = at(hour).astimezone(ZONE).date().isoformat()
    return race.Wish(room.code, day, f"{hour:02d}:{minute}", minutes=minutes)


def _race(site: Site, rivals: list[tuple[str, list[race.Wish]]]) -> list[tuple[race.Answer, ...]]:
    """The answers to each round, in the order of the rivals."""
    brought = race.run([(race.book, (site.address, cookie, wishes)) for cookie, wishes in rivals])
    db.session.rollback()
    return list(zip(*brought, strict=True))


def _assert_one_winner(answers: tuple[race.Answer, ...]) -> None:
    _assert_polite(answers)
    assert Counter(answer.status == 303 for answer in answers) == {True: 1, False: len(answers) - 1}


def _assert_polite(answers: tuple[race.Answer, ...]) -> None:
    """Whoever lost is told so on a page that says what is free instead; nobody sees an error of ours."""
    for answer in answers:
        assert answer.status in {303, 409, 422}, f"{answer.status}: {answer.page[:3000]}"
        assert answer.status == 303 or 'role="alert"' in answer.page


def _live(rooms: list[Room]) -> list[Booking]:
    ids = [room.id for room in rooms]
    db.session.rollback()
    query = select(Booking).where(Booking.room_id.in_(ids), Booking.status.in_(LIVE)).order_by(Booking.id)
    return list(db.session.scalars(query))


def _assert_ledger_is_true() -> None:
    """No overlap in any part; every live booking has its rows; nothing else has any."""
    db.session.rollback()
    assert _overlaps() == 0
    bookings = db.session.scalars(select(Booking).order_by(Booking.id)).all()
    rows = db.session.scalars(select(Occupancy).order_by(Occupancy.id)).all()
    held = {(row.use_id, row.room_id, row.starts_at, row.clear_at) for row in rows}
    due = {
        (booking.use_id, part.id, booking.starts_at, booking.clear_at)
        for booking in bookings
        if booking.is_live
        for part in booking.room.leaves
    }
    assert held == due
    db.session.rollback()


def _overlaps() -> int:
    query = """SELECT count(*) FROM occupancies a JOIN occupancies b
               ON a.room_id = b.room_id AND a.id < b.id AND a.starts_at < b.clear_at AND b.starts_at < a.clear_at"""
    with db.engine.connect() as connection:
        return int(connection.execute(text(query)).scalar_one())
