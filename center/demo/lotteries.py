"""The demonstration's lotteries: one that is open still, and one that was drawn, with its result."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session as DbSession

from center.demo.programme import C, E, Extra, G, W
from center.signups.lottery.actions import draw_if_due
from center.signups.models import Mode, Roster
from center.signups.models.lottery import Draw
from center.signups.roster_state import hold

EVENING = time(18)


@dataclass(frozen=True, kw_only=True)
class Lottery(Extra):
    """An activity whose places are drawn; `closes` is how many days from today sign-up closes."""

    closes: int
    mode: Mode = Mode.LOTTERY


LOTTERIES: Sequence[Lottery] = (
    Lottery(title="木兰山一日游", title_en="A day on Mount Mulan", slug="mount-mulan",
            kind="外出", organisation="sunshine-home", closes=3, ahead=10, hours=(8, 17), busy=0.9,
            place="木兰山南门", place_en="South gate of Mount Mulan",
            summary="一辆大巴，位子有限，抽签决定，先报后报都一样。",
            summary_en="One coach with few seats: drawn by lot, whoever asks first.",
            places=((G, 10), (E, 6)), bring="水杯、常用药"),
    Lottery(title="年夜饭八大碗品尝会", title_en="Tasting the eight New Year dishes", slug="eight-dishes",
            kind="亲子", organisation="red-culture-troupe", closes=-1, ahead=5, hours=(11, 13), busy=1.2,
            place="青和居中心广场", place_en="The square of the estate",
            summary="二十来个位子，想来的人多，抽签最公道。",
            summary_en="Few seats and many who would like one: the lot is fairest.",
            places=((G, 12), (E, 6), (W, 2), (C, 4)), access=("is_step_free", "has_companion_seats")),
)  # fmt: skip


def closing_of(lottery: Lottery, now: datetime, zone: ZoneInfo) -> datetime:
    """When sign-up closes, and the places are drawn."""
    day = now.astimezone(zone).date() + timedelta(days=lottery.closes)
    return datetime.combine(day, EVENING, zone)


def fix_seed(session: DbSession, roster: Roster, chance: random.Random) -> None:
    """The seed of a demonstrated lottery: the same for the same day, as all of the demonstration is."""
    session.add(Draw(roster_id=roster.id, seed=f"{chance.getrandbits(128):032x}"))
    session.flush()


def draw_what_is_due(session: DbSession, rosters: Sequence[Roster], now: datetime) -> None:
    """Draw those whose sign-up has closed, as the site would have done at that moment."""
    session.flush()
    session.expire_all()
    for roster in rosters:
        if roster.closes_at is not None and roster.closes_at <= now:
            draw_if_due(hold(roster), by=None, now=roster.closes_at)
