"""The demonstration's incubator: an organisation at each stage with the decisions that led there, a review too."""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import select

from center.demo.incubator_reviews import Panels
from center.demo.scene import Scene
from center.demo.scores import score
from center.incubator.letters import writing
from center.incubator.models.incubations import (
    DocumentKind,
    Incubation,
    IncubationApplication,
    IncubationDecision,
    IncubationDocument,
    IncubationForm,
    IncubationStage,
    IncubationTransition,
)
from center.incubator.models.interests import Eligibility
from center.incubator.stages.clock import calendar_around
from center.incubator.stages.house_rules import days_by_stage
from center.incubator.stages.papers import NEEDED
from center.organisations.models import Organisation, OrganisationKind, Stage
from center.people.names import sort_key
from center.premises.working_days import counted_on

S = IncubationStage
ON_THE_WAY = (S.SUBMITTED, S.SCREENING, S.REVIEW, S.PUBLISHED, S.SIGNING, S.INCUBATING)
# The ways to each stage, and how long after the decision before each came, in days.
WAYS: Mapping[IncubationStage, Sequence[IncubationStage]] = {
    S.DRAFT: (),
    S.SUBMITTED: ON_THE_WAY[:1],
    S.RETURNED: (S.SUBMITTED, S.RETURNED),
    S.SCREENING: ON_THE_WAY[:2],
    S.REVIEW: ON_THE_WAY[:3],
    S.PUBLISHED: ON_THE_WAY[:4],
    S.SIGNING: ON_THE_WAY[:5],
    S.INCUBATING: ON_THE_WAY,
    S.MID_REVIEW: (*ON_THE_WAY, S.MID_REVIEW),
    S.EXTENDED: (*ON_THE_WAY, S.MID_REVIEW, S.EXTENDED),
    S.GRADUATED: (*ON_THE_WAY, S.MID_REVIEW, S.GRADUATED),
    S.WITHDRAWING: (*ON_THE_WAY, S.WITHDRAWING),
    S.WITHDRAWN: (*ON_THE_WAY, S.WITHDRAWING, S.WITHDRAWN),
    S.REFUSED: (S.SUBMITTED, S.SCREENING, S.REFUSED),
    S.RECONSIDERED: (S.SUBMITTED, S.SCREENING, S.REFUSED, S.RECONSIDERED),
}
TAKES = {S.SUBMITTED: 0, S.RETURNED: 1, S.SCREENING: 1, S.REVIEW: 6, S.PUBLISHED: 20, S.SIGNING: 9, S.INCUBATING: 7}
LATER = {S.MID_REVIEW: 180, S.EXTENDED: 12, S.GRADUATED: 14, S.WITHDRAWING: 90, S.WITHDRAWN: 20, S.REFUSED: 4}
OF_THE_REGISTER = {  # where those that the centre has already stand
    Stage.APPLIED: (S.SCREENING, 3),
    Stage.INCUBATING: (S.INCUBATING, 260),
    Stage.MID_REVIEW: (S.MID_REVIEW, 230),
    Stage.EXTENDED: (S.EXTENDED, 420),
    Stage.GRADUATED: (S.GRADUATED, 700),
}
LEAVES = "green-sprouts"  # the one that hands over
WHY = {
    S.EXTENDED: "夜间巡逻人手不足，再培育半年。",
    S.WITHDRAWING: "骨干成员搬迁，自愿退出。",
    S.REFUSED: "成员不足十人。",
}
OWNERS = ("director", "clerk")


@cache
def applicants() -> Sequence[Mapping[str, Any]]:
    """Those that the register does not have yet."""
    found: Sequence[Mapping[str, Any]] = json.loads(Path(__file__).with_name("incubator.json").read_text("utf-8"))
    return found


def incubate(scene: Scene) -> None:
    """Criteria, a pool of reviewers, and every organisation with its way so far."""
    _Incubating(scene).run()


@dataclass(frozen=True)
class _Plan:
    organisation: Organisation
    applicant_id: int
    stage: IncubationStage
    first_on: date
    reason: str = ""


class _Incubating:
    def __init__(self, scene: Scene) -> None:
        self.scene, self.session = scene, scene.session
        self.chance = random.Random(f"incubator {scene.today}")  # noqa: S311
        self.letters: dict[int, int] = {}
        self.panels = Panels(scene)
        self.moves = {(each.from_stage, each.to_stage): each for each in self._transitions()}

    def run(self) -> None:
        """Those of the register first, then those who have applied lately."""
        self.panels.set_up()
        for plan in [*self._known(), *self._new()]:
            self._lead_on(plan)
        self.panels.count_letters(self.letters)

    def _transitions(self) -> Sequence[IncubationTransition]:
        return self.session.scalars(select(IncubationTransition)).all()

    def _known(self) -> Sequence[_Plan]:
        plans = []
        for slug, organisation_id in self.scene.organisations.items():
            organisation = self.session.get_one(Organisation, organisation_id)
            if organisation.stage is None:
                continue
            stage, ago = OF_THE_REGISTER[organisation.stage]
            if slug == LEAVES:
                stage, ago = S.WITHDRAWING, 145
            lead = self.scene.leads.get(slug) or self.scene.cast["resident"]
            plans.append(_Plan(organisation, lead, stage, self._workday(ago + self.chance.randrange(9))))
        return plans

    def _new(self) -> Sequence[_Plan]:
        plans = []
        for each in applicants():
            facts = {name: each[name] for name in ("slug", "name", "name_en", "about")}
            organisation = Organisation(
                **facts,
                kind=OrganisationKind(each["kind"]),
                sort_key=sort_key(each["name"]),
                stage=Stage.WITHDRAWN if each["stage"] in {"withdrawn", "refused"} else Stage.APPLIED,
                is_listed=False,
            )
            self.session.add(organisation)
            self.session.flush()
            whose = self.scene.cast["resident"] if each["stage"] in {"draft", "returned"} else self.panels.somebody()
            first_on = self._workday(each["ago"])
            plans.append(_Plan(organisation, whose, S(each["stage"]), first_on, each.get("reason", "")))
        return plans

    def _lead_on(self, plan: _Plan) -> None:
        """An application, and one decision after the other."""
        at = self.scene.at(plan.first_on, 10, self.chance.randrange(60))
        incubation = Incubation(
            organisation_id=plan.organisation.id,
            number=f"{plan.first_on.year}-{plan.organisation.id:03d}",
            form=self.chance.choice((IncubationForm.REAL, IncubationForm.REAL, IncubationForm.VIRTUAL)),
            applicant_id=plan.applicant_id,
            opened_at=at,
        )
        self.session.add(incubation)
        self.session.flush()
        self._say(incubation, plan.organisation)
        for kind in NEEDED if plan.stage is not S.DRAFT else NEEDED[:2]:
            self._paper(incubation, kind, plan, at)
        for goes in WAYS[plan.stage]:
            at = self._later(incubation, at, goes)
            self._decide(incubation, goes, plan, at)
        if plan.stage is S.REVIEW:
            self.panels.under_way(incubation, at)
        if plan.stage is S.PUBLISHED:
            self.panels.objected(incubation)

    def _say(self, incubation: Incubation, organisation: Organisation) -> None:
        self.session.add(
            IncubationApplication(
                incubation_id=incubation.id,
                purpose=organisation.about,
                serves="青和居的居民",
                plan="每月至少办两次活动，年底向居民报告。",
                money="成员自筹，接受捐物，不收费。",
                premises="社区活动室",
                founders=2 + self.chance.randrange(4),
                members=10 + self.chance.randrange(30),
                seats=self.chance.randrange(4),
                room_hours=2 + self.chance.randrange(6),
            )
        )

    def _paper(self, incubation: Incubation, kind: DocumentKind, plan: _Plan, at: datetime) -> None:
        content = score(f"Demonstration {incubation.number} {kind.value}")
        self.session.add(
            IncubationDocument(
                incubation_id=incubation.id,
                kind=kind,
                version=1,
                name=f"{kind.value}.pdf",
                media_type="application/pdf",
                size=len(content),
                sha256=sha256(content).hexdigest(),
                content=content,
                by_id=plan.applicant_id,
                at=at,
            )
        )

    def _decide(self, incubation: Incubation, goes: IncubationStage, plan: _Plan, at: datetime) -> None:
        """One decision, as the database lets it be: with its panel, its letter, its publication."""
        move = self.moves[incubation.stage, goes]
        if incubation.stage is S.REVIEW and goes is S.PUBLISHED:
            self.panels.reviewed(incubation, at)
        by_id = plan.applicant_id if move.by_applicant else self.scene.cast["director"]
        if move.needs_free and self.session.get(Eligibility, (incubation.id, by_id)) is None:
            self.session.add(self.panels.free(incubation, by_id, at))
            self.session.flush()
        is_last = goes is plan.stage
        decision = IncubationDecision(
            incubation_id=incubation.id,
            step=incubation.step + 1,
            from_stage=incubation.stage,
            to_stage=goes,
            by_id=by_id,
            by_is_free=True if move.needs_free else None,
            at=at,
            reason=(plan.reason if is_last else "") or (WHY.get(goes, "材料齐全。") if move.needs_reason else ""),
            next_owner_id=self.scene.cast[self.chance.choice(OWNERS)] if goes is not S.SUBMITTED else None,
            next_due_on=self._due(goes, at),
        )
        if writing.has_letter(goes) and not move.by_applicant:
            year = at.astimezone(self.scene.zone).year
            self.letters[year] = self.letters.get(year, 0) + 1
            decision.letter_year, decision.letter_number = year, self.letters[year]
        self.session.add(decision)
        self.session.flush()
        self.session.refresh(incubation)
        if decision.letter_number is not None:
            writing.write(incubation, decision)
        if goes is S.PUBLISHED:
            self.panels.made_known(incubation, decision)

    def _due(self, stage: IncubationStage, at: datetime) -> date | None:
        on = at.astimezone(self.scene.zone).date()
        days = days_by_stage().get(stage)
        return counted_on(on, days, calendar_around(on)) if days is not None else None

    def _later(self, incubation: Incubation, at: datetime, goes: IncubationStage) -> datetime:
        """A working day some days after; never later than this morning."""
        days = {**TAKES, **LATER}.get(goes, 3)
        on = at.astimezone(self.scene.zone).date() + timedelta(days=days)
        if incubation.stage is S.PUBLISHED and incubation.due_on:
            on = max(on, incubation.due_on + timedelta(days=1))  # once its clock has run out
        on += timedelta(days=max(7 - on.weekday(), 0) if on.weekday() > 4 else 0)
        moment = datetime.combine(on, time(9 + self.chance.randrange(8), self.chance.randrange(60)), self.scene.zone)
        latest = self.scene.now - timedelta(minutes=10)
        return min(max(moment, at + timedelta(minutes=30)), max(latest, at + timedelta(seconds=1)))

    def _workday(self, ago: int) -> date:
        day = self.scene.today - timedelta(days=ago)
        return day - timedelta(days=max(day.weekday() - 4, 0))
