"""The forms of those who lead a troupe, as the tests of all forms send them (sent twice, and edited by two)."""

from collections.abc import Callable
from typing import Any

from tests.builders import at
from tests.world import World

LEAD = "/workspace/troupes"


def is_a_leads(address: str) -> bool:
    """Whether a page is open for those alone who lead a troupe or its organisation: no staff see it."""
    return address.startswith("/workspace") and "/troupes/" in address


def _day(days: int) -> str:
    return at(0, days=days).date().isoformat()


def _programme(world: World, rest: str = "") -> str:
    performance = f"performances/{world.troupe['performance_id']}"
    return f"{LEAD}/{world.organisation.slug}/{performance}/programme/{rest}"


def _poll_date(w: World, n: int) -> dict[str, str]:
    return {"on": _day(8 + n), "start": "10:00", "minutes": "60", "room": w.room.code}


MAKING: dict[str, Callable[[World], tuple[str, dict[str, Any]]]] = {
    "troupes.add_rehearsal": lambda w: (
        f"{LEAD}/{w.organisation.slug}/seasons/{w.troupe['season_id']}/rehearsals/add",
        {"date": _day(10), "start": "10:00", "minutes": "60", "room": w.room.code, "makes_up_for": "0"},
    ),
    "troupes.enter_member": lambda w: (
        f"{LEAD}/{w.organisation.slug}/members/new",
        {"person": str(w.lead.person_id), "how": "trial"},
    ),
    "troupes.enter_known": lambda w: (
        f"{LEAD}/{w.organisation.slug}/members/known",
        {"name": w.clerk.person.name, "phone": w.clerk.person.phone, "how": "trial"},
    ),
    "troupes.join": lambda w: (f"/troupes/{w.organisation.slug}/join", {"words": "学过"}),
    "troupes.new": lambda w: (
        f"/workspace/organisations/{w.organisation.slug}/troupes/new",
        {"slug": "waltz", "name": "华尔兹队", "kind": "dance"},
    ),
    "troupes.new_performance": lambda w: (
        f"{LEAD}/{w.organisation.slug}/performances/new",
        {
            **dict.fromkeys(("room", "session", "season"), "0"),
            "title": "春节演出",
            "summary": "一起过年",
            "kind": str(w.troupe["activity_kind_id"]),
            "date": _day(40),
            "start": "15:00",
            "end": "16:00",
            "place": "广场",
            "expected": "50",
            "minutes_before": "60",
            "slot": "20",
            "change": "60",
        },
    ),
    "troupes.lend": lambda w: (
        f"{LEAD}/{w.organisation.slug}/things/lend",
        {
            "person": str(w.resident.person_id),
            "organisation": "0",
            f"thing_{w.troupe['thing_id']}": str(w.troupe["unit_id"]),
        },
    ),
    "troupes.more_things": lambda w: (
        f"{LEAD}/{w.organisation.slug}/things/{w.troupe['thing_id']}/more",
        {"labels": "4 5"},
    ),
    "troupes.new_poll": lambda w: (
        f"{LEAD}/{w.organisation.slug}/seasons/{w.troupe['season_id']}/polls/new",
        {"title": "彩排", "closes_on": _day(5), "request_key": "c0d1a6b0-6f0a-4d43-8a2d-0c57e4a1f4c5"}
        | {f"{name}-{n}": value for n in (0, 1) for name, value in _poll_date(w, n).items()},
    ),
    "troupes.new_piece": lambda w: (
        f"{LEAD}/{w.organisation.slug}/pieces/new",
        {"title": "茉莉花", "kind": "song", "minutes": "3", "seconds": "20", f"heads_{w.troupe['part_id']}": "4"},
    ),
    "troupes.new_season": lambda w: (
        f"{LEAD}/{w.organisation.slug}/seasons/new",
        {"name": "春季", "starts_on": _day(1), "ends_on": _day(60)},
    ),
    "troupes.new_sale_day": lambda w: (
        f"{LEAD}/{w.organisation.slug}/works/days/new",
        {"name": "义卖", "date": _day(12), "start": "09:00", "end": "16:00", "place": "大厅", "purpose": "困难家庭"},
    ),
    "troupes.new_thing": lambda w: (
        f"{LEAD}/{w.organisation.slug}/things/new",
        {"name": "扇子", "kind": "prop", "quantity": "12"},
    ),
    "troupes.new_work": lambda w: (
        f"{LEAD}/{w.organisation.slug}/works/new",
        {"title": "喜鹊", "maker": str(w.resident.person_id), "price": "35", "share": "25"},
    ),
    "troupes.parts": lambda w: (
        f"{LEAD}/{w.organisation.slug}/parts",
        {"kind": "voice", "name": "中声部", "position": "9"},
    ),
}
EDITING: dict[str, Callable[[World], tuple[str, dict[str, Any], dict[str, Any]]]] = {
    "piece": lambda w: (
        f"{LEAD}/{w.organisation.slug}/pieces/{w.troupe['piece_id']}/edit",
        {"minutes": "5"},
        {"title_en": "Jasmine"},
    ),
    "performance": lambda w: (
        f"{LEAD}/{w.organisation.slug}/performances/{w.troupe['performance_id']}/edit",
        {"slot": "25"},
        {"minutes_before": "90"},
    ),
    "place of a programme": lambda w: (_programme(w, "1"), {"minutes": "5"}, {"change_seconds": "30"}),
    "season": lambda w: (
        f"{LEAD}/{w.organisation.slug}/seasons/{w.troupe['season_id']}/edit",
        {"name": "夏季"},
        {"name_en": "Summer"},
    ),
    "sale day": lambda w: (
        f"{LEAD}/{w.organisation.slug}/works/days/{w.troupe['asked_day_id']}/edit",
        {"place": "二楼"},
        {"name_en": "Spring sale"},
    ),
    "thing": lambda w: (
        f"{LEAD}/{w.organisation.slug}/things/{w.troupe['thing_id']}/edit",
        {"kept_at": "三号柜"},
        {"name_en": "Drums"},
    ),
    "troupe": lambda w: (f"{LEAD}/{w.organisation.slug}/edit", {"name": "新声合唱团"}, {"name_en": "New voices"}),
    "troupe part": lambda w: (
        f"{LEAD}/{w.organisation.slug}/parts/{w.troupe['part_id']}",
        {"name": "领唱"},
        {"name_en": "Lead"},
    ),
    "work": lambda w: (
        f"{LEAD}/{w.organisation.slug}/works/{w.troupe['work_number']}/edit",
        {"title": "双喜"},
        {"title_en": "Joy"},
    ),
}
