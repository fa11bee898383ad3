"""Costumes out, one loan that is late; and the sale days of the studio: one over, one ahead, one asked for."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from center.activities.photos.images import draw
from center.demo.scene import Scene
from center.people.models import Person
from center.troupes.lending import loans, stock
from center.troupes.lending.loans import LoanItem, Terms
from center.troupes.lending.stock import ThingFacts
from center.troupes.models.lending import Thing, ThingKind
from center.troupes.models.troupes import MemberState, Troupe, TroupeKind, TroupeMember
from center.troupes.models.works import SaleDay, Work
from center.troupes.works import catalogue, days, selling
from center.troupes.works.catalogue import WorkFacts
from center.troupes.works.days import DayFacts
from center.troupes.works.rules import price_of

PICTURES = Path(__file__).with_name("work_pictures")
THINGS = (
    (ThingKind.INSTRUMENT, "湖北大鼓", "Hubei drum", "鼓房", ("1", "2", "3", "4"), 0),
    (ThingKind.COSTUME, "红色绸缎演出服", "Red satin costume", "服装柜 1", (), 24),
    (ThingKind.COSTUME, "民国学生装", "Student dress of the 1930s", "服装柜 2", (), 12),
    (ThingKind.PROP, "红绸扇", "Red silk fan", "道具架", (), 30),
    (ThingKind.PROP, "铜云板", "Brass clapper", "鼓房", ("甲", "乙"), 0),
)
WORKS = (
    ("年年有余", "Plenty every year", "plenty", 3800, 2600, "张", "圆形窗花里的两条鱼", "Two fish in a round flower"),
    ("梅开五福", "Plum blossom", "plum", 4500, 3000, "", "六角的梅花窗花", "Plum blossom within six corners"),
    ("牡丹花开", "Peonies", "peony", 2800, 2000, "花间", "像牡丹的窗花", "A window flower like a peony"),
    ("并蒂莲", "Two lotus flowers", "lotus", 6600, 4600, "花间", "像莲花的窗花", "A window flower like a lotus"),
    ("福字双鱼", "Luck and two fish", "", 3000, 2000, "", "", ""),
    ("生肖马", "The horse", "", 5200, 3600, "张", "", ""),
)  # fmt: skip


def lend_and_sell(scene: Scene) -> None:
    """Let the drum troupe lend what it has, and the studio sell."""
    troupes = scene.session.scalars(select(Troupe).where(Troupe.ended_on.is_(None)).order_by(Troupe.id)).all()
    for troupe in troupes:
        if troupe.kind is TroupeKind.PAPER_CUT and len(members := _members(scene, troupe)) >= 3:
            _sell(scene, troupe, members)
    drums = (each for each in troupes if each.kind in (TroupeKind.DRUM, TroupeKind.RED_CULTURE))
    lending = next(drums, None)
    if lending is not None and len(members := _members(scene, lending)) >= 4:
        _lend(scene, lending, members)
    scene.session.flush()


def _members(scene: Scene, troupe: Troupe) -> Sequence[Person]:
    query = select(Person).join(TroupeMember, TroupeMember.person_id == Person.id)
    query = query.where(TroupeMember.troupe_id == troupe.id, TroupeMember.state == MemberState.ACTIVE)
    return scene.session.scalars(query.order_by(TroupeMember.id)).all()


def _lend(scene: Scene, troupe: Troupe, members: Sequence[Person]) -> None:
    """Three loans: one that is late, one that is out, one that is kept for next week; and a drum that is broken."""
    long_ago, lead = scene.now - timedelta(days=200), _lead(scene, troupe)
    things: list[Thing] = []
    for kind, name, name_en, kept_at, labels, quantity in THINGS:
        facts = ThingFacts(kind=kind, name=name, name_en=name_en, kept_at=kept_at)
        things.append(stock.add_thing(troupe, facts, labels=labels, quantity=quantity, by=lead, now=long_ago))
    drums, red, students, fans, _clappers = things
    promised = (
        (members[1], -30, -25, [LoanItem(thing_id=drums.id, unit_id=drums.units[3].id)], "社区巡演"),
        (
            members[2],
            -9,
            -3,
            [LoanItem(thing_id=students.id, count=3), LoanItem(thing_id=fans.id, count=6)],
            "敬老院演出",
        ),
        (members[3], -1, 4, [LoanItem(thing_id=red.id, count=8), _unit(drums, 0)], "元旦联欢排练"),
        (members[0], 6, 9, [LoanItem(thing_id=red.id, count=16), _unit(drums, 1), _unit(drums, 2)], "元旦联欢"),
    )
    made = []
    for person, first, last, wanted, purpose in promised:
        starts_at, due_at = (scene.at(scene.today + timedelta(days=day), 0) for day in (first, last + 1))
        terms = Terms(person=person, starts_at=starts_at, due_at=due_at, purpose=purpose)
        loan = loans.promise(troupe, wanted, terms, by=lead, now=min(starts_at, scene.now))
        made.append(loan)
        if first < 0:
            loans.hand_out(loan, by=lead, now=starts_at + timedelta(hours=15))
    back = scene.at(scene.today + timedelta(days=-25), 16)
    loans.take_back(made[0].lines[0], damaged=1, words="鼓皮裂了一道口子，送去修", by=lead, now=back)


def _sell(scene: Scene, studio: Troupe, members: Sequence[Person]) -> None:
    """A sale day that came to something, one that is on today and tomorrow, and one that staff are asked for."""
    lead, clerk, session = _lead(scene, studio), scene.person("clerk"), scene.session
    works = [_work(scene, studio, members, n) for n in range(len(WORKS))]
    session.flush()
    past = _day(scene, studio, -20, "重阳义卖", "Sale for the Double Ninth", works[:2], by=lead, decided_by=clerk)
    for work in works[:2]:
        selling.sell(work, by=lead, now=past.starts_at + timedelta(hours=2))
    days.publish(past, by=lead, now=past.ends_at + timedelta(hours=1))
    now_on = _day(scene, studio, 3, "冬至义卖", "Sale for the winter solstice", works[2:5], by=lead, decided_by=clerk)
    selling.reserve(works[3], now_on.starts_at + timedelta(hours=3), whom="何阿姨", now=scene.now)
    _day(scene, studio, 18, "迎春义卖", "Sale for the Spring Festival", works[5:], by=lead, decided_by=None)


def _day(
    scene: Scene, studio: Troupe, away: int, name: str, name_en: str, works: Sequence[Work], *, by: Person,
    decided_by: Person | None,
) -> SaleDay:  # fmt: skip
    date = scene.today + timedelta(days=away)
    asked_at = min(scene.at(date, 9), scene.now) - timedelta(days=6)
    facts = DayFacts(
        name=name, name_en=name_en, starts_at=scene.at(date, 9), ends_at=scene.at(date, 16, 30), place="一楼大厅",
        purpose="给本社区困难家庭买过冬的米和油", purpose_en="Rice and oil for the winter, for households in need",
    )  # fmt: skip
    day = days.request(studio, facts, by=by, now=asked_at)
    catalogue.put_forward(day, works)
    if decided_by is not None:
        days.approve(day, by=decided_by, now=asked_at + timedelta(hours=3))
    return day


def _work(scene: Scene, studio: Troupe, members: Sequence[Person], n: int) -> Work:
    title, title_en, picture, price, share, shown, alt, alt_en = WORKS[n]
    maker, at = members[n % len(members)], scene.now - timedelta(days=60 - n)
    facts = WorkFacts(title=title, title_en=title_en, maker_id=maker.id, maker_shown=shown)
    work = catalogue.register(studio, facts, price_of(price, share), by=maker, now=at)
    if picture:
        drawn = draw((PICTURES / f"{picture}.webp").read_bytes())
        catalogue.put_photo(work, drawn, alt=alt, alt_en=alt_en, by=maker, now=at)
    return work


def _lead(scene: Scene, troupe: Troupe) -> Person:
    [slug] = [slug for slug, number in scene.organisations.items() if number == troupe.organisation_id]
    return scene.session.get_one(Person, scene.leads[slug])


def _unit(thing: Thing, n: int) -> LoanItem:
    return LoanItem(thing_id=thing.id, unit_id=thing.units[n].id)
