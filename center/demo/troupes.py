"""The demonstration's troupes: members in every state, who leads them, a season that runs now, and what they know."""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import select

from center.activities.models import Activity
from center.demo.scene import Scene
from center.demo.scores import recording, score
from center.people.models import Account, Person
from center.people.names import sort_key
from center.troupes.members import handover
from center.troupes.models.pieces import Level, Piece, PieceKind, PieceKnowledge, PiecePart
from center.troupes.models.seasons import Season, SeasonMember, SeasonPiece
from center.troupes.models.troupes import (
    Handover,
    MemberEvent,
    MemberPart,
    MemberState,
    Office,
    PartKind,
    Troupe,
    TroupeKind,
    TroupeMember,
    TroupeOffice,
    TroupePart,
)
from center.troupes.repertoire import files

FOUNDED = date(2021, 3, 1)
BEFORE, AHEAD = timedelta(days=30), timedelta(days=75)  # from when until when the season of now lasts
ACTIVE, LEFT, RESTING, TRIAL = MemberState.ACTIVE, MemberState.LEFT, MemberState.RESTING, MemberState.TRIAL
# How the last ones of each troupe stand; all others are in it.
LAST: Sequence[tuple[tuple[MemberState, ...], str]] = (
    ((), "在厂里文工团打过鼓，退休了想接着练。"),
    ((TRIAL,), "邻居介绍来的。"),
    ((ACTIVE, RESTING), ""),
    ((ACTIVE, RESTING), ""),
    ((ACTIVE, LEFT), ""),
)
PLAYED_BY: Mapping[str, Mapping[str, str]] = {  # who of the cast is where, with which part
    "hubei-drums": {"lead": "大鼓"},
    "red-culture": {"lead": "低声部", "resident": "朗诵", "elder": "低声部"},
}


@cache
def plans() -> Sequence[Mapping[str, Any]]:
    """The troupes as they are written down."""
    found: Sequence[Mapping[str, Any]] = json.loads(Path(__file__).with_name("troupes.json").read_text("utf-8"))
    return found


def form_troupes(scene: Scene) -> None:
    """Every troupe with its members, its repertoire, its season, and who leads it."""
    _Forming(scene).run()


@dataclass
class _Formed:
    """One troupe as it comes to be."""

    troupe: Troupe
    plan: Mapping[str, Any]
    members: list[TroupeMember] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)

    def part(self, name: str) -> TroupePart:
        """Its part of this name."""
        return next(each for each in self.troupe.parts if each.name == name)

    @property
    def inside(self) -> list[TroupeMember]:
        """Who is in it and plays now."""
        return [each for each in self.members if each.state is ACTIVE]


class _Forming:
    def __init__(self, scene: Scene) -> None:
        self.scene, self.session, self.today = scene, scene.session, scene.today
        self.chance = random.Random(f"troupes {scene.today}")  # noqa: S311
        self.accounts = set(self.session.scalars(select(Account.person_id)))

    def run(self) -> None:
        """Each after the other; members take their steps together, since the database lets one come after another."""
        formed = [self._form(plan) for plan in plans()]
        self.session.flush()
        for each in formed:
            self._gather(each)
        for number in count():
            if not self._step(formed, number):
                break
        for each in formed:
            self._name_leaders(each)
            self._learn(each)
            self._plan_season(each)
        self._add_files(formed[0])
        self.session.flush()

    def _form(self, plan: Mapping[str, Any]) -> _Formed:
        facts = {name: plan[name] for name in ("slug", "name", "name_en", "about", "about_en", "joining", "joining_en")}
        troupe = Troupe(
            organisation_id=self.scene.organisations[plan["organisation"]],
            kind=TroupeKind(plan["kind"]),
            sort_key=sort_key(plan["name"]),
            started_on=FOUNDED,
            is_open_to_join=True,
            **facts,
        )
        troupe.parts = [
            TroupePart(kind=PartKind(kind), name=name, name_en=english, position=position)
            for position, (kind, name, english) in enumerate(plan["parts"])
        ]
        self.session.add(troupe)
        return _Formed(troupe, plan)

    def _gather(self, formed: _Formed) -> None:
        """Its members, each with a part; those of the cast first, then neighbours of its age."""
        cast = PLAYED_BY.get(formed.plan["slug"], {})
        people = [(self.scene.cast[who], formed.part(part)) for who, part in cast.items()]
        busy = set(self.scene.cast.values())
        of_age = [
            each.id for each in self.scene.everybody if each.age >= formed.plan["from_age"] and each.id not in busy
        ]
        parts = list(formed.troupe.parts)
        wanted = min(len(of_age), formed.plan["heads"] + len(LAST) - len(people))
        for n, person_id in enumerate(self.chance.sample(of_age, wanted)):
            people.append((person_id, parts[n % len(parts)]))
        for person_id, _part in people:
            days = self.chance.randrange(200, 1500)
            member = TroupeMember(
                troupe_id=formed.troupe.id,
                person_id=person_id,
                applied_on=self.today - timedelta(days=days),
                is_by_lead=person_id not in self.accounts,
            )
            formed.members.append(member)
        for member, (_then, words) in zip(reversed(formed.members), LAST, strict=False):
            member.applied_on, member.words = max(member.applied_on, self.today - timedelta(days=26)), words
        self.session.add_all(formed.members)
        self.session.flush()
        for member, (_person, part) in zip(formed.members, people, strict=True):
            self.session.add(MemberPart(member_id=member.id, part_id=part.id, troupe_id=part.troupe_id, is_main=True))
            self._note(formed, member, None, MemberState.APPLIED, member.applied_on)
        self.session.flush()

    def _step(self, formed: Sequence[_Formed], number: int) -> bool:
        """The next step of everybody who takes one; whether there was one."""
        stepped = []
        for each in formed:
            for n, member in enumerate(reversed(each.members)):
                path = LAST[n][0] if n < len(LAST) else (ACTIVE,)
                if number < len(path):
                    on = min(self.today, member.applied_on + timedelta(days=7 * (number + 1)))
                    self._note(each, member, member.state, path[number], on)
                    stepped.append(member)
        self.session.flush()
        for member in stepped:
            self.session.refresh(member)
            if member.state is TRIAL:
                member.trial_until = self.today + timedelta(days=12)
            elif member.state is RESTING:
                member.back_on = self.today + timedelta(days=40)
        return bool(stepped)

    def _note(
        self, formed: _Formed, member: TroupeMember, was: MemberState | None, became: MemberState, on: date
    ) -> None:
        by = self.scene.leads[formed.plan["organisation"]] if was or member.is_by_lead else member.person_id
        reason = {RESTING: "膝盖不好，养一阵", LEFT: "搬去女儿家了"}.get(became, "")
        said = {"on_date": on, "reason": reason, "by_id": by, "at": self.scene.at(on, 10)}
        self.session.add(MemberEvent(member_id=member.id, was=was, became=became, **said))

    def _name_leaders(self, formed: _Formed) -> None:
        """A leader and a deputy; of one troupe the leader changed some weeks ago."""
        leader, former, deputy = formed.inside[0], formed.inside[-2], formed.inside[-1]
        by = self.scene.leads[formed.plan["organisation"]]
        since, changed = FOUNDED, self.today - timedelta(days=40)
        if formed.plan.get("handed_over"):
            self._office(former, Office.LEADER, since, by, until=changed - timedelta(days=1))
            since = changed
            sheet = handover.as_sheet(handover.open_things(formed.troupe, self.scene.now))
            made_at = self.scene.at(changed, 16)
            self.session.add(
                Handover(
                    troupe_id=formed.troupe.id,
                    from_id=former.id,
                    to_id=leader.id,
                    on_date=changed,
                    sheet=sheet,
                    keys="舞蹈室储物柜钥匙 2 把",
                    notes="扇子在 3 号柜，少两把。",
                    made_by_id=by,
                    made_at=made_at,
                    taken_at=made_at + timedelta(hours=1),
                )
            )
        self._office(leader, Office.LEADER, since, by)
        self._office(deputy, Office.DEPUTY, FOUNDED, by)

    def _office(self, member: TroupeMember, office: Office, since: date, by: int, *, until: date | None = None) -> None:
        named = {"named_by_id": by, "named_at": self.scene.at(since, 10), "starts_on": since, "ends_on": until}
        self.session.add(TroupeOffice(troupe_id=member.troupe_id, member_id=member.id, office=office, **named))
        self.session.flush()

    def _learn(self, formed: _Formed) -> None:
        """The pieces, and who knows which."""
        for title, english, kind, seconds, heads, notes in formed.plan["pieces"]:
            facts = {"title": title, "title_en": english, "kind": PieceKind(kind), "seconds": seconds, "notes": notes}
            piece = Piece(troupe_id=formed.troupe.id, **facts)
            self.session.add(piece)
            self.session.flush()
            formed.pieces.append(piece)
            for name, least in heads.items():
                part = formed.part(name)
                keys = {"piece_id": piece.id, "part_id": part.id, "troupe_id": part.troupe_id}
                self.session.add(PiecePart(heads=least, **keys))
                for member, level in self._who_knows(formed, part):
                    leader = formed.inside[0].person_id
                    by = member.person_id if member.person_id in self.accounts else leader
                    said = {"said_by_id": by, "said_at": self.scene.at(self.today - timedelta(days=5), 15)}
                    row = PieceKnowledge(
                        member_id=member.id, level=level, is_by_lead=by != member.person_id, **keys, **said
                    )
                    self.session.add(row)
        self.session.flush()

    def _who_knows(self, formed: _Formed, part: TroupePart) -> Iterator[tuple[TroupeMember, Level]]:
        levels: list[Level | None] = [Level.KNOWS, Level.LEARNING, Level.NOT_YET, None]
        for member in formed.inside:
            if any(each.part_id == part.id for each in member.parts):
                [level] = self.chance.choices(levels, weights=[65, 18, 7, 10])
                if level is not None:
                    yield member, level

    def _plan_season(self, formed: _Formed) -> None:
        """A season that runs now with everybody who is in the troupe and all pieces, and one that is over."""
        began = self.today - BEFORE
        names = {1: ("春节", "Spring Festival"), 2: ("春夏", "Spring and summer"), 3: ("秋冬", "Autumn and winter")}
        name, english = names[1 if began.month in {1, 2, 12} else 2 if began.month < 8 else 3]
        season = Season(
            troupe_id=formed.troupe.id,
            name=f"{began.year}年{name}演出季",
            name_en=f"{english} {began.year}",
            starts_on=began,
            ends_on=self.today + AHEAD,
            activity_id=self._activity(formed.plan.get("activity", "")),
            notes="下个月社区汇演，请大家尽量到齐。",
        )
        past = Season(
            troupe_id=formed.troupe.id,
            name=f"{began.year}年前一季",
            name_en=f"The one before, {began.year}",
            starts_on=began - timedelta(days=150),
            ends_on=began - timedelta(days=20),
        )
        self.session.add_all([past, season])
        self.session.flush()
        for each in (past, season):
            keys = {"season_id": each.id, "troupe_id": formed.troupe.id}
            self.session.add_all(SeasonMember(member_id=member.id, **keys) for member in formed.inside)
            self.session.add_all(SeasonPiece(piece_id=piece.id, **keys) for piece in formed.pieces)
        self.session.flush()

    def _activity(self, slug: str) -> int | None:
        return self.session.scalar(select(Activity.id).where(Activity.slug == slug)) if slug else None

    def _add_files(self, formed: _Formed) -> None:
        leader = self.session.get_one(Person, formed.inside[0].person_id)
        at = self.scene.at(self.today - timedelta(days=8), 16)
        for piece in formed.pieces[:2]:
            files.keep(piece, "鼓谱", score(piece.title_en), by=leader, now=at)
            files.keep(piece, "慢速练习录音", recording(len(piece.title)), by=leader, now=at)
