"""The demonstration's criteria, reviewers, panels, sheets, results made known and an objection."""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from hashlib import sha256

from sqlalchemy import select

from center.demo.scene import Scene
from center.incubator.models.incubations import Incubation, IncubationDecision, LetterCount
from center.incubator.models.interests import Eligibility
from center.incubator.models.publications import Objection, ObjectionWay, Publication
from center.incubator.models.reviews import (
    CriteriaVersion,
    Criterion,
    IncubationReview,
    PanelSeat,
    PanelWay,
    Reviewer,
    ReviewScore,
    ScorePoint,
)
from center.incubator.reviews.scoring import draw
from center.organisations.models import Membership

CRITERIA = (
    ("公益性", "For the common good", 30),
    ("居民需要", "What neighbours need", 25),
    ("团队", "The people", 20),
    ("计划可行", "A plan that can be kept", 15),
    ("长久", "Staying power", 10),
)
FIELDS = ("社会工作", "财务", "法律", "群众文化", "教育", "养老服务", "志愿服务")
REMARKS = ("贴近居民需要，团队稳定。", "计划清楚，经费来源要再说明。", "有热情，第一年建议少而精。")


class Panels:
    """What of the incubator reviewers do."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.session = scene, scene.session
        self.chance = random.Random(f"panels {scene.today}")  # noqa: S311
        self.pool: list[int] = []
        self.others: list[int] = []
        self.version = CriteriaVersion(number=1, published_by_id=scene.cast["director"])

    def set_up(self) -> None:
        """Criteria, and a pool of people who belong to no organisation."""
        bound = {*self.session.scalars(select(Membership.person_id)), *self.scene.cast.values()}
        free = [each.id for each in self.scene.everybody if 30 <= each.age < 60 and each.id not in bound]
        self.others = self.chance.sample(free, 40)
        self.pool = [self.scene.cast["reviewer"], *(self.others.pop() for _n in range(6))]
        since = self.scene.today - timedelta(days=800)
        for person_id, field in zip(self.pool, FIELDS, strict=True):
            added = {"added_by_id": self.scene.cast["director"], "starts_on": since}
            self.session.add(Reviewer(person_id=person_id, field=field, **added))
        self.session.add(self.version)
        self.session.flush()
        for position, (name, name_en, weight) in enumerate(CRITERIA, start=1):
            facts = {"name": name, "name_en": name_en, "weight": weight}
            self.session.add(Criterion(version_id=self.version.id, position=position, **facts))
        self.session.flush()
        self.version.published_at = self.scene.at(since, 9)
        self.session.flush()

    def somebody(self) -> int:
        """Somebody who applies for an organisation and has nothing else to do with the incubator."""
        return self.others.pop()

    def free(self, incubation: Incubation, person_id: int, at: datetime) -> Eligibility:
        """That somebody was asked, and is free."""
        on = at.astimezone(self.scene.zone).date()
        return Eligibility(incubation_id=incubation.id, person_id=person_id, is_free=True, since_on=on)

    def reviewed(self, incubation: Incubation, at: datetime) -> None:
        """A round that is over, with three signed sheets and its minutes."""
        review, panel = self._open(incubation, at - timedelta(days=12))
        for person_id in panel:
            self._sheet(review, person_id, at - timedelta(days=2), is_signed=True)
        review.minutes = "评审组三人到会，逐项讨论后一致同意入驻。"
        review.minutes_at, review.minutes_by_id = at - timedelta(days=1), self.scene.cast["clerk"]
        self.session.flush()

    def under_way(self, incubation: Incubation, at: datetime) -> None:
        """A round in which one has signed, one has begun, and one has not answered yet."""
        review, panel = self._open(incubation, min(at + timedelta(hours=2), self.scene.now), with_reviewer=True)
        for seat in review.seats:
            if seat.person_id == self.scene.cast["reviewer"]:
                seat.declared_at = None
        first, second = (each for each in panel if each != self.scene.cast["reviewer"])
        self._sheet(review, first, self.scene.now - timedelta(hours=3), is_signed=True)
        self._sheet(review, second, self.scene.now - timedelta(hours=1), is_signed=False)

    def made_known(self, incubation: Incubation, decision: IncubationDecision) -> None:
        """A result made known, with its clock."""
        last_on = decision.next_due_on or self.scene.today
        self.session.add(
            Publication(
                incubation_id=incubation.id,
                decision_id=decision.id,
                round=1,
                name=incubation.organisation.name,
                words=f"经评审，拟同意{incubation.organisation.name}入驻孵化器，现予公示。",
                starts_at=decision.at,
                ends_at=datetime.combine(last_on + timedelta(days=1), time(0), self.scene.zone),
                last_on=last_on,
                by_id=decision.by_id,
            )
        )
        self.session.flush()

    def objected(self, incubation: Incubation) -> None:
        """Somebody objects to the result that is made known now, where its time is not over."""
        publication = self.session.scalars(select(Publication).where(Publication.incubation_id == incubation.id)).one()
        at = min(publication.starts_at + timedelta(hours=5), self.scene.now)
        if at < publication.ends_at:
            facts = {"name": "某居民", "contact": "19900000090", "words": "回收的家电堆在单元门口，影响通行。"}
            self.session.add(
                Objection(publication_id=publication.id, number="DEMO2222", way=ObjectionWay.SITE, at=at, **facts)
            )
            self.session.flush()

    def count_letters(self, letters: Mapping[int, int]) -> None:
        """So that the next letter of a year has the next number."""
        self.session.add_all(LetterCount(year=year, last=last) for year, last in letters.items())
        self.session.flush()

    def _open(
        self, incubation: Incubation, at: datetime, *, with_reviewer: bool = False
    ) -> tuple[IncubationReview, Sequence[int]]:
        pool = sorted(map(str, self.pool), key=int)
        seed, order = self._seed(incubation, pool, with_reviewer=with_reviewer)
        panel = [int(each) for each in order[:3]]
        on = at.astimezone(self.scene.zone).date()
        review = IncubationReview(
            incubation_id=incubation.id,
            round=1,
            version_id=self.version.id,
            how=PanelWay.DRAWN,
            seed=seed,
            pool=" ".join(pool),
            size=len(panel),
            due_on=incubation.due_on or on,
            opened_at=at,
            opened_by_id=self.scene.cast["director"],
        )
        self.session.add(review)
        self.session.add_all(self.free(incubation, each, at) for each in [*panel, self.scene.cast["clerk"]])
        self.session.flush()
        for position, person_id in enumerate(panel, start=1):
            who = {"review_id": review.id, "incubation_id": incubation.id, "person_id": person_id}
            review.seats.append(PanelSeat(**who, is_free=True, position=position, seated_at=at, declared_at=at))
        self.session.flush()
        return review, panel

    def _seed(self, incubation: Incubation, pool: Sequence[str], *, with_reviewer: bool) -> tuple[str, Sequence[str]]:
        """A seed, and whom it draws; for the review that is under way one that draws the reviewer who signs in."""
        wanted = str(self.scene.cast["reviewer"])
        for n in range(500):
            seed = sha256(f"{incubation.number} {n}".encode()).hexdigest()[:32]
            order = draw(seed, pool)
            if not with_reviewer or wanted in order[:3]:
                break
        return seed, order

    def _sheet(self, review: IncubationReview, person_id: int, at: datetime, *, is_signed: bool) -> None:
        at = max(at, review.opened_at)
        remark = self.chance.choice(REMARKS)
        score = ReviewScore(
            review_id=review.id, person_id=person_id, is_free=True, is_for=True, remark=remark, kept_at=at
        )
        self.session.add(score)
        self.session.flush()
        for criterion in self.version.criteria:
            points = 6 + self.chance.randrange(4)
            self.session.add(ScorePoint(score_id=score.id, criterion_id=criterion.id, points=points))
        self.session.flush()
        if is_signed:
            score.signed_at = at
            self.session.flush()
