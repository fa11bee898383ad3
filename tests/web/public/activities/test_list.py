"""The list of activities: what its filters and its search find, and what that costs."""

import re
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from center.activities.models import Activity
from center.activities.sessions import cancel_session
from center.activities.titles import search_key, sought
from center.kernel import clock
from center.kernel.db import db, transaction
from center.rooms.models import Room
from center.signups.models import Mode, PoolKind
from center.signups.public.filters import When, days_meant
from center.signups.rosters import PoolFacts
from tests.activity_builders import make_activity, make_kind, make_roster, sign_up
from tests.builders import at, make_account, make_organisation, make_person, make_room, sign_in
from tests.engines import ONE_ENGINE
from tests.statements import selects

pytestmark = pytest.mark.usefixtures("morning")


def listed(client: FlaskClient, **query: Any) -> list[str]:
    """The titles of the list, in its order."""
    answer = client.get(f"/activities?{urlencode({'lang': 'zh', **query}, doseq=True)}")
    assert answer.status_code == 200
    return re.findall(r'happening__title"><a [^>]*>([^<]+)</a>', answer.text)


@pytest.fixture
def film() -> Activity:
    """A film with an organisation whose name says something else."""
    team = make_organisation(name="阳光家园", name_en="Sunshine Home", sort_key="yang guang jia yuan")
    return make_activity(title="为盲人讲电影", title_en="Told film", summary="一边放一边讲 100%", organisation=team)


@pytest.mark.parametrize(
    "typed",
    ["电影", "盲人", "讲电影", "放一", "weimangren", "dianying", "dian ying", "wmrjdy", "dy", "told", "FILM",
     "Ｆｉｌｍ", "电影 told", "阳光", "ygjy", "yangguang", "sunshine", "  电影  "],
)  # fmt: skip
def test_an_activity_is_found_by_what_people_type(client: FlaskClient, film: Activity, typed: str) -> None:
    make_activity(title="合唱排练", title_en="Choir rehearsal", summary="唱")
    assert listed(client, q=typed) == ["为盲人讲电影"]


@pytest.mark.parametrize("typed", ["影电", "ianying", "an", "%", "_", "\\", "'", "film choir", "😀"])
def test_what_nothing_is_called_finds_nothing(client: FlaskClient, film: Activity, typed: str) -> None:
    assert listed(client, q=typed) == []


def test_marks_part_words_and_stand_for_nothing(client: FlaskClient, film: Activity) -> None:
    make_activity(title="电脑与影子")
    assert listed(client, q="盲%脑") == []
    assert listed(client, q="电_影") == ["为盲人讲电影", "电脑与影子"]


def test_what_an_activity_is_found_by_follows_its_title(client: FlaskClient, film: Activity) -> None:
    with transaction():
        db.session.get_one(Activity, film.id).title = "盲人剪纸"
    assert listed(client, q="jianzhi") == ["盲人剪纸"]
    assert listed(client, q="dianying") == []


@ONE_ENGINE
@pytest.mark.parametrize(
    ("title", "q"),
    [("Ausflug nach Zürich", "zurich"), ("Zurich", "Zürich"), ("為盲人講電影", "电影"), ("为盲人讲电影", "講電影")],
)
def test_accents_and_traditional_characters_hide_nothing(client: FlaskClient, title: str, q: str) -> None:
    make_activity(title=title)
    make_activity(title="别的")
    assert listed(client, q=q) == [title]


def test_search_keys_of_the_longest_titles_stay_short() -> None:
    assert len(search_key("长" * 80, "x" * 120, "长" * 200, "y " * 150)) < 8_000
    assert len(sought("a " * 200)) <= 8


TUESDAY = date(2026, 11, 24)


@ONE_ENGINE
@pytest.mark.parametrize(
    ("when", "today", "days"),
    [
        (When.ALL, TUESDAY, None),
        (When.TODAY, TUESDAY, (24, 24)),
        (When.TOMORROW, TUESDAY, (25, 25)),
        (When.WEEK, TUESDAY, (24, 29)),
        (When.WEEKEND, TUESDAY, (28, 29)),
        (When.WEEKEND, date(2026, 11, 29), (28, 29)),
        (When.WEEK, date(2026, 11, 29), (29, 29)),
        (When.NEXT_WEEK, date(2026, 11, 16), (23, 29)),
    ],
)
def test_which_days_are_meant(when: When, today: date, days: tuple[int, int] | None) -> None:
    meant = days_meant(when, today)
    assert (meant and (meant[0].day, meant[1].day)) == days


def test_days_narrow_the_list(client: FlaskClient) -> None:
    for days in (0, 1, 4, 8):
        make_activity(starts=[at(19, days=days)], title=f"第{days}天")
    assert listed(client) == ["第0天", "第1天", "第4天", "第8天"]
    assert listed(client, when="today") == ["第0天"]
    assert listed(client, when="weekend") == ["第4天"]
    assert listed(client, when="week") == ["第0天", "第1天", "第4天"]
    assert listed(client, when="next_week") == ["第8天"]
    assert listed(client, when="today", date="2026-11-25") == ["第1天"], "a day of one's own counts more"


@ONE_ENGINE
def test_what_is_over_called_off_or_not_public_is_not_listed(client: FlaskClient) -> None:
    make_activity(title="草稿", is_published=False)
    make_activity(title="明天", starts=[at(10)])
    off = make_activity(title="取消了", starts=[at(9), at(11)])
    with transaction():
        cancel_session(off.sessions[0], reason="停电", by=off.created_by, now=clock.now())
    assert listed(client) == ["明天", "取消了"]
    clock.start_at(at(10, 30))
    assert listed(client) == ["明天", "取消了"], "what is still going on stays"
    clock.start_at(at(11, 1, days=0))
    assert listed(client) == ["取消了"]


def test_kind_organisation_ages_and_access_narrow_the_list(client: FlaskClient) -> None:
    talk, team = make_kind(name="讲座"), make_organisation()
    make_activity(title="讲给孩子", kind_id=talk.id, age_from=6, age_to=12)
    make_activity(
        title="讲给老人", kind_id=talk.id, organisation=team, age_from=60, is_narrated=True, is_step_free=True
    )
    make_activity(title="大家来", organisation=team, is_step_free=True)
    assert listed(client, kind=talk.id) == ["讲给孩子", "讲给老人"]
    assert listed(client, organisation=team.slug) == ["讲给老人", "大家来"]
    assert listed(client, organisation=team.slug, kind=talk.id) == ["讲给老人"]
    assert listed(client, whom="children") == ["讲给孩子"]
    assert listed(client, whom="elders") == ["讲给老人"]
    assert listed(client, whom="all_ages") == ["大家来"]
    assert listed(client, access=["is_step_free"]) == ["讲给老人", "大家来"]
    assert listed(client, access=["is_step_free", "is_narrated"]) == ["讲给老人"]


def test_only_where_there_are_places(client: FlaskClient) -> None:
    full, free, wide = (make_activity(title=title) for title in ("满了", "有位", "只剩陪同"))
    make_activity(title="随便来")
    sign_up(make_roster(full, capacity=1), make_person())
    make_roster(free, capacity=1)
    make_roster(wide, capacity=0, pools=[PoolFacts(kind=PoolKind.COMPANION, capacity=3)])
    walk_in = make_activity(title="到场即可")
    make_roster(walk_in, capacity=0, mode=Mode.WALK_IN)
    assert listed(client, places="y") == ["有位", "随便来", "到场即可"]


@ONE_ENGINE
def test_the_list_says_in_words_how_many_places_are_left_and_how_many_wait(client: FlaskClient) -> None:
    course = make_activity(starts=[at(10, days=5), at(10, days=6)])
    roster = make_roster(course, capacity=1)
    kept = make_activity(title_en="Kept")
    make_roster(kept, capacity=0, pools=[PoolFacts(kind=PoolKind.ELDERS, capacity=2)])
    for _n in range(3):
        sign_up(roster, make_person())
    shown = client.get("/activities?lang=en").text
    assert shown.count("Full") == 2, "once for each date"
    assert shown.count("2 wait") == 2
    assert "2 kept places left" in shown
    assert re.search(r'role="status"[^>]*>3 dates', shown)


@ONE_ENGINE
@pytest.mark.parametrize(
    "query", ["date=tomorrow", "date=9999-99-99", "kind=99999999999999", "organisation=nobody", "whom=x", "when=x"]
)
def test_a_filter_that_cannot_be_read_is_said_and_the_rest_still_counts(
    client: FlaskClient, film: Activity, query: str
) -> None:
    answer = client.get(f"/activities?lang=en&q=film&{query}")
    assert answer.status_code == 200
    assert "Told film" in answer.text
    assert 'value="film"' in answer.text


@ONE_ENGINE
def test_an_empty_list_says_what_to_do(client: FlaskClient) -> None:
    assert "Nothing is planned yet" in client.get("/activities?lang=en").text
    assert "No activity fits" in client.get("/activities?lang=en&q=film").text
    assert "The list ends before this page" in client.get("/activities?lang=en&page=7").text


@ONE_ENGINE
def test_a_long_list_has_pages_which_keep_the_filters(client: FlaskClient) -> None:
    make_activity(title="每天见", starts=[at(10, days=n) for n in range(1, 31)])
    first = client.get("/activities?lang=en&q=mei&access=").text
    assert "30 dates" in first
    [later] = re.findall(r'href="(/activities\?[^"]*page=2)#found"', first)
    assert "q=mei" in later
    second = client.get(later.replace("&amp;", "&")).text
    assert second.count("happening__title") == 6
    assert "Earlier dates" in second
    assert "Later dates" not in second


def fill(number: int) -> None:
    """So many activities, each with a room, a roster and somebody on it."""
    for _n in range(number):
        activity = make_activity(room=make_room(), organisation=make_organisation())
        sign_up(make_roster(activity, capacity=1), make_person())


@ONE_ENGINE
@pytest.mark.parametrize("who", ["visitor", "resident"])
def test_the_list_costs_the_same_however_many_activities_there_are(client: FlaskClient, who: str) -> None:
    if who == "resident":
        sign_in(client, make_account())

    def cost() -> int:
        with selects() as sent:
            assert client.get("/activities").status_code == 200
        return len(sent)

    fill(2)
    few = cost()
    fill(8)
    assert cost() == few
    assert few <= 9


@ONE_ENGINE
@pytest.mark.parametrize("address", ["/activities", "/", "/board?date=2026-11-29"])
def test_what_changes_shows_at_once(client: FlaskClient, address: str) -> None:
    room = make_room(name="书画室")
    activity = make_activity(title="写字", room=room, starts=[at(10, days=5)])
    roster = make_roster(activity, capacity=3)
    seen = {client.get(address).text}
    sign_up(roster, make_person())
    seen.add(client.get(address).text)
    with transaction() as session:
        session.get_one(Room, room.id).name = "新书画室"
    seen.add(client.get(address).text)
    with transaction() as session:
        session.get_one(Activity, activity.id).title = "画画"
    seen.add(client.get(address).text)
    assert len(seen) == 4
    assert "还剩" in client.get(f"{address}{'&' if '?' in address else '?'}lang=zh").text
