"""A show of the estate next month: one troupe's programme is public with a piece that lacks somebody, another's is not.

Nobody is written to: what the demonstration's members heard of it lies in the past.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select

from center.activities.kinds import all_kinds
from center.activities.models import Activity, ActivityChange, ActivityEvent, ActivityState, Session, SessionState
from center.activities.titles import reading
from center.demo.scene import Scene
from center.organisations.models import Organisation
from center.people.models import Account, Person
from center.troupes import queries as troupe_queries
from center.troupes.models.pieces import Piece
from center.troupes.models.seasons import Season
from center.troupes.models.troupes import MemberState, Troupe, TroupeMember
from center.troupes.performances import casting, programme, queries
from center.troupes.performances.casting import Down
from center.troupes.performances.models import Performance, PerformanceEvent, PerformanceState
from center.troupes.performances.readiness import Answer
from center.troupes.performances.reply_models import Reply, SaidBy, StageName

ORGANISATION = "red-culture-troupe"
# What each date of the stage is called in Chinese and in English, and its address.
NEXT = ("社区迎新汇演", "The estate's new-year show", "new-year-show")
LAST = ("敬老专场演出", "A show for the elders", "show-for-the-elders")
SUMMARY, SUMMARY_EN = "歌、朗诵和湖北大鼓，街坊自己演。", "Songs, recitations and Hubei drums, played by neighbours."
PLACE, PLACE_EN = "小区中心广场", "The central square of the estate"
WELCOME, WELCOME_SECONDS = "社区致辞", 180
KIND = "演出"
PATH = (PerformanceState.PIECES_SET, PerformanceState.CAST_SET, PerformanceState.PUBLISHED)
# Of the public programme: the part of which too few come, so that a piece lacks somebody.
SHORT_OF = "朗诵"


def plan_performances(scene: Scene) -> None:
    """Both troupes of the organisation at one date, each as far as it is."""
    _Planning(scene).run()


class _Planning:
    def __init__(self, scene: Scene) -> None:
        self.scene, self.session, self.now = scene, scene.session, scene.now
        self.lead = self.session.get_one(Person, scene.leads[ORGANISATION])
        self.accounts = set(self.session.scalars(select(Account.person_id)))

    def run(self) -> None:
        """The date first, then who plays there."""
        saturday = next(day for n in range(24, 31) if (day := self.scene.today + timedelta(days=n)).weekday() == 5)
        show = self._show(saturday, *NEXT)
        singing, drumming = troupe_queries.get_troupe("red-culture"), troupe_queries.get_troupe("hubei-drums")
        public = self._perform(singing, show, slot=1500, asked_on=self.scene.today - timedelta(days=4))
        programme.add_words(public, WELCOME, WELCOME_SECONDS, by=self.lead, now=self.now)
        self._play(public, self._pieces(singing))
        self._answer(public, SHORT_OF)
        self._go(public, *PATH)
        waiting = self._perform(drumming, show, slot=1500, asked_on=self.scene.today - timedelta(days=1))
        self._play(waiting, self._pieces(drumming)[:2])
        self._go(waiting, PATH[0])
        self._look_back(singing)
        self.session.flush()

    def _look_back(self, troupe: Troupe) -> None:
        """What the troupe performed last month, as it was."""
        sunday = next(day for n in range(32, 39) if (day := self.scene.today - timedelta(days=n)).weekday() == 6)
        show = self._show(sunday, *LAST)
        done = self._perform(troupe, show, slot=1500, asked_on=sunday - timedelta(days=8))
        self._play(done, self._pieces(troupe)[:3])
        self._answer(done, "")
        self._go(done, *PATH, PerformanceState.PERFORMED)
        show.activity.state, show.state = ActivityState.HELD, SessionState.HELD

    def _show(self, day: date, title: str, title_en: str, slug: str) -> Session:
        made_at = self.scene.at(min(self.scene.today, day) - timedelta(days=9), 10)
        kind = next(each for each in all_kinds() if each.name == KIND)
        activity = Activity(
            organisation=self.session.get_one(Organisation, self.scene.organisations[ORGANISATION]),
            kind_id=kind.id, slug=slug, title=title, title_en=title_en,
            sort_key=reading(title), summary=SUMMARY, summary_en=SUMMARY_EN, place=PLACE, place_en=PLACE_EN,
            expected=200, state=ActivityState.PUBLISHED, created_by_id=self.lead.id, created_at=made_at,
            submitted_at=made_at, published_at=made_at + timedelta(hours=5), changed_at=made_at + timedelta(hours=5),
        )  # fmt: skip
        starts_at, ends_at = self.scene.at(day, 14), self.scene.at(day, 15, 30)
        facts = {"starts_at": starts_at, "ends_at": ends_at, "changed_at": activity.changed_at}
        show = Session(activity=activity, state=SessionState.SCHEDULED, **facts)
        self.session.add_all([activity, show])
        self.session.flush()
        for hours, by, what in (
            (0, self.lead.id, ActivityChange.CREATED),
            (0, self.lead.id, ActivityChange.SUBMITTED),
            (5, self.scene.cast["director"], ActivityChange.PUBLISHED),
        ):
            at = made_at + timedelta(hours=hours)
            self.session.add(ActivityEvent(activity_id=activity.id, at=at, by_id=by, what=what))
        return show

    def _perform(self, troupe: Troupe, show: Session, *, slot: int, asked_on: date) -> Performance:
        seasons = select(Season).where(Season.troupe_id == troupe.id, Season.ends_on >= self.scene.today)
        season = self.session.scalars(seasons.order_by(Season.ends_on, Season.id)).first()
        asked_at = self.scene.at(asked_on, 9)
        performance = Performance(
            troupe_id=troupe.id, season_id=season.id if season else None, session_id=show.id,
            call_at=show.starts_at - timedelta(minutes=90), slot_seconds=slot, made_by_id=self.lead.id,
            made_at=asked_at, asked_at=asked_at,
            reply_until=min(self.scene.today + timedelta(days=10), show.local_day - timedelta(days=1)),
        )  # fmt: skip
        self.session.add(performance)
        self.session.flush()
        self._note(performance, None, PerformanceState.PREPARING)
        return performance

    def _pieces(self, troupe: Troupe) -> Sequence[Piece]:
        return self.session.scalars(select(Piece).where(Piece.troupe_id == troupe.id).order_by(Piece.id)).all()

    def _play(self, performance: Performance, pieces: Sequence[Piece]) -> None:
        """Each piece with as many of each part as it needs, and a stand-in where there is one more."""
        members = [
            each for each in troupe_queries.members_of(performance.troupe_id) if each.state is MemberState.ACTIVE
        ]
        by_part: Mapping[int, list[TroupeMember]] = {
            part.id: [each for each in members if each.parts and each.parts[0].part_id == part.id]
            for part in troupe_queries.parts_of(performance.troupe_id)
        }
        for piece in pieces:
            item = programme.add_piece(performance, piece, by=self.lead, now=self.now)
            wanted = [
                Down(member=each, part_id=need.part_id, is_stand_in=n == need.heads)
                for need in piece.parts
                for n, each in enumerate(by_part[need.part_id][: need.heads + 1])
            ]
            written = programme.item_at(queries.newest_of(performance.id), item.position)
            casting.set_cast(performance, written, wanted)

    def _answer(self, performance: Performance, short_of: str) -> None:
        """Most come; of one part nobody beyond the first two does, so what it is needed for lacks somebody."""
        parts = {each.id for each in troupe_queries.parts_of(performance.troupe_id) if each.name == short_of}
        of_part = 0
        for n, member in enumerate(queries.asked_for(performance)):
            is_of_part = bool(member.parts) and member.parts[0].part_id in parts
            of_part += is_of_part
            said = Answer.NOT_COMING if is_of_part and of_part > 2 else Answer.COMING
            if member.person_id in self.scene.cast.values() or (n % 9 == 4 and not is_of_part):
                continue  # who signs in to the demonstration answers themselves; some have not said anything
            is_own = member.person_id in self.accounts
            reply = Reply(
                performance_id=performance.id, member_id=member.id, troupe_id=member.troupe_id, answer=said,
                reason="那天要带孙子" if said is Answer.NOT_COMING else "",
                how=SaidBy.ACCOUNT if is_own else SaidBy.LEAD, by_id=member.person_id if is_own else self.lead.id,
                at=self.scene.at(self._said_on(performance), 9 + n % 8),
                of_starts_at=performance.session.starts_at,
            )  # fmt: skip
            self.session.add(reply)
            if short_of and n % 4 == 0 and is_of_part is False:
                said_at = self.scene.at(self.scene.today - timedelta(days=2), 9)
                name = StageName(member_id=member.id, name=member.person.name, said_by_id=self.lead.id, said_at=said_at)
                self.session.add(name)
        self.session.flush()

    def _go(self, performance: Performance, *states: PerformanceState) -> None:
        for became in states:
            if became is PerformanceState.PUBLISHED:
                version = queries.newest_of(performance.id)
                version.published_at, version.published_by_id = self._went_at(performance), self.lead.id
                self.session.flush()
            self._note(performance, performance.state, became)

    def _note(self, performance: Performance, was: PerformanceState | None, became: PerformanceState) -> None:
        steps_after = len(PATH) - (PATH.index(became) + 1 if became in PATH else 0)
        if became is PerformanceState.PERFORMED:
            over = {"by_id": None, "at": performance.session.ends_at + timedelta(minutes=2)}
            self.session.add(PerformanceEvent(performance_id=performance.id, was=was, became=became, **over))
            self.session.flush()
            return self.session.refresh(performance)
        by = {"by_id": self.lead.id, "at": self._went_at(performance) - timedelta(hours=4 * steps_after)}
        self.session.add(PerformanceEvent(performance_id=performance.id, was=was, became=became, **by))
        self.session.flush()
        self.session.refresh(performance)

    def _said_on(self, performance: Performance) -> date:
        return min(self.scene.today, performance.session.local_day) - timedelta(days=2)

    def _went_at(self, performance: Performance) -> datetime:
        return min(self.now, performance.session.starts_at) - timedelta(hours=20)
