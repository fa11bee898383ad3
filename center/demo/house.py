"""What the organisations of the demonstration agreed: terms, seats, lockers, keys, cards, a review and a leaving."""

from datetime import timedelta
from hashlib import sha256

from sqlalchemy import select

from center.demo.scene import Scene
from center.demo.scores import score
from center.incubator.agreements.rules import IN_THE_HOUSE
from center.incubator.models.agreements import (
    Agreement,
    AgreementPaper,
    CapabilityCard,
    CardMoment,
    KeyGiven,
    MidReview,
    Seat,
    SeatKind,
    SeatLetting,
)
from center.incubator.models.incubations import (
    DocumentKind,
    Incubation,
    IncubationDocument,
    IncubationForm,
    IncubationStage,
)

SEATS, LOCKERS = 8, 17
SIGNED = timedelta(days=200)  # ago, on the whole
CARD = {
    "team": "骨干5人，固定志愿者12人，每周例会。",
    "money": "有专人记账，按月公开。",
    "projects": "一个品牌项目，每月至少一次活动。",
    "party": "两名党员，参加社区党组织生活。",
}


def show_house(scene: Scene) -> None:
    """Eight seats and seventeen lockers, and what each organisation in the house has of them."""
    seats = [Seat(kind=SeatKind.SEAT, code=f"A{n}") for n in range(1, SEATS + 1)]
    lockers = [Seat(kind=SeatKind.LOCKER, code=f"L{n:02d}") for n in range(1, LOCKERS + 1)]
    scene.session.add_all([*seats, *lockers])
    scene.session.flush()
    query = select(Incubation).where(Incubation.stage.in_(IN_THE_HOUSE), Incubation.stage != IncubationStage.SIGNING)
    for n, incubation in enumerate(scene.session.scalars(query.order_by(Incubation.id))):
        term = _agree(scene, incubation, n)
        wanted = lockers[n : n + 1]
        if incubation.form is IncubationForm.REAL and n < SEATS:
            wanted = [seats[n], *wanted]
        scene.session.add_all(_letting(scene, each, term) for each in wanted)
        if n % 4 != 3:  # of some the paper is still to be kept
            _sign(scene, incubation, term)
        _further(scene, incubation, n)
    scene.session.flush()


def _agree(scene: Scene, incubation: Incubation, n: int) -> Agreement:
    starts_on = scene.today - SIGNED - timedelta(days=9 * n)
    is_extended = incubation.stage is IncubationStage.EXTENDED
    length = timedelta(days=365 if not is_extended else 190)
    term = Agreement(
        incubation_id=incubation.id,
        starts_on=starts_on,
        ends_on=starts_on + length - timedelta(days=1),
        room_hours=160 + 20 * (n % 4),
        entered_by_id=scene.cast["director"],
        entered_at=scene.at(starts_on, 10),
        reason="",
    )
    scene.session.add(term)
    scene.session.flush()
    if not is_extended:
        return term
    after = Agreement(
        incubation_id=incubation.id,
        starts_on=term.ends_on + timedelta(days=1),
        ends_on=term.ends_on + timedelta(days=180),
        room_hours=term.room_hours,
        is_extension=True,
        reason="品牌项目还差两期",
        entered_by_id=scene.cast["director"],
        entered_at=min(scene.now, scene.at(term.ends_on, 10)),
    )
    scene.session.add(after)
    scene.session.flush()
    return after


def _sign(scene: Scene, incubation: Incubation, term: Agreement) -> None:
    """Keep the paper on which a term is signed."""
    content = score(f"Agreement {incubation.number}")
    document = IncubationDocument(
        incubation_id=incubation.id,
        kind=DocumentKind.AGREEMENT,
        version=1,
        name="入驻协议.pdf",
        media_type="application/pdf",
        size=len(content),
        sha256=sha256(content).hexdigest(),
        content=content,
        by_id=scene.cast["clerk"],
        by_staff=True,
        at=term.entered_at,
    )
    scene.session.add(document)
    scene.session.flush()
    scene.session.add(AgreementPaper(agreement_id=term.id, document_id=document.id))


def show_last_days(scene: Scene) -> None:
    """Whoever leaves uses rooms until the last day of the hand-over."""
    query = select(Incubation).where(Incubation.stage == IncubationStage.WITHDRAWING, Incubation.due_on.is_not(None))
    for each in scene.session.scalars(query.order_by(Incubation.id)):
        assert each.due_on is not None
        each.organisation.uses_until = scene.at(each.due_on + timedelta(days=1), 0)
    scene.session.flush()


def _letting(scene: Scene, seat: Seat, term: Agreement) -> SeatLetting:
    dates = {"starts_on": term.starts_on, "ends_on": term.ends_on}
    return SeatLetting(
        seat_id=seat.id, agreement_id=term.id, let_by_id=scene.cast["clerk"], let_at=term.entered_at, **dates
    )


def _further(scene: Scene, incubation: Incubation, n: int) -> None:
    """An entry card of each, some keys, and a review where one is under way."""
    director = scene.cast["director"]
    card = CapabilityCard(
        incubation_id=incubation.id,
        moment=CardMoment.ENTRY,
        written_by_id=director,
        written_at=scene.now - SIGNED,
        **CARD,
    )
    scene.session.add(card)
    if n % 2 == 0:
        scene.session.add(
            KeyGiven(
                incubation_id=incubation.id,
                what=f"孵化室钥匙{n + 1}号",
                person_id=incubation.applicant_id,
                given_on=scene.today - SIGNED,
                given_by_id=scene.cast["clerk"],
            )
        )
    if incubation.stage is IncubationStage.MID_REVIEW:
        reported = n % 2 == 0
        scene.session.add(
            MidReview(
                incubation_id=incubation.id,
                opened_by_id=director,
                opened_at=scene.now - timedelta(days=6),
                report="半年办了十一场活动，服务邻居二百多人次；学会了记账；还缺一位会写方案的人。" if reported else "",
                report_by_id=incubation.applicant_id if reported else None,
                report_at=scene.now - timedelta(days=2) if reported else None,
                opinion="",
            )
        )
