"""Last month's evidence of two organisations of the demonstration: photographs, spending, and a pack that is ready."""

from datetime import date, timedelta

from center.activities.photos.images import draw
from center.attendance import ledger
from center.demo.covers import PICTURES
from center.demo.scene import Scene
from center.incubator.evidence import packing, packs, pictures, rules, spending
from center.incubator.evidence.gathering import gather
from center.incubator.evidence.spending import Receipt, Spent
from center.incubator.models.evidence import EvidenceDownload, EvidencePack, PackState, ReceiptKind
from center.kernel.i18n import addressing
from center.organisations.models import Organisation
from center.people.models import Person

DAYS = 30
PICTURED = 3  # sessions of which there are photographs
CAPTION = "邻居们围着桌子剪窗花"
STUDIO, TROUPE = "paper-cutting-studio", "red-culture-troupe"
Bought = tuple[str, str, int, bool]  # what, where, how much in fen, with a receipt
BOUGHT: dict[str, tuple[Bought, ...]] = {
    STUDIO: (
        ("大红宣纸 200 张", "江汉文具批发部", 18_600, True),
        ("剪刀 10 把", "王麻子刀剪店", 24_000, True),
        ("茶水", "", 3_550, False),
    ),
    TROUPE: (("鼓槌 6 副", "汉正街乐器行", 32_800, True), ("打印节目单 120 份", "小区打印店", 9_600, True)),
}
EVALUATIONS = {
    STUDIO: "这个月的剪纸课每周都按时开了，老学员带新学员，残疾邻居也有座位。\n"
    "后排看不清示范，下个月改用投影。两次课没有拍照，已经安排专人。",
    TROUPE: "周末巡演五场都演了，志愿者够用。鼓声大，离一楼近的两场改到下午三点以后。",
}


def show_evidence(scene: Scene) -> None:
    """Keep what leads would have kept, and make a pack of it."""
    last = scene.today - timedelta(days=1)
    first = last - timedelta(days=DAYS)
    for slug in EVALUATIONS:
        organisation = scene.session.get_one(Organisation, scene.organisations[slug])
        lead = scene.session.get_one(Person, scene.leads[slug])
        if slug == STUDIO:
            _photograph(scene, organisation, lead, first, last)
        _spend(scene, organisation, lead)
        scene.session.flush()
        _pack(scene, organisation, lead, first, last)


def _photograph(scene: Scene, organisation: Organisation, lead: Person, first: date, last: date) -> None:
    picture = draw((PICTURES / "paper-cutting-class.webp").read_bytes())
    for entry in ledger.month_of(organisation.id, first, last, now=scene.now)[:PICTURED]:
        pictures.add(entry.session, picture, caption=CAPTION, by=lead, now=entry.session.ends_at)


def _spend(scene: Scene, organisation: Organisation, lead: Person) -> None:
    for days, (what, payee, fen, has_receipt) in enumerate(BOUGHT[organisation.slug], start=5):
        day = scene.today - timedelta(days=days)
        receipt = Receipt(ReceiptKind.PDF, _paper(rules.yuan(fen))) if has_receipt else None
        spent = Spent(spent_on=day, what=what, payee=payee, fen=fen, receipt=receipt)
        spending.enter(organisation, spent, by=lead, now=scene.now)


def _pack(scene: Scene, organisation: Organisation, lead: Person, first: date, last: date) -> None:
    """Made here as the worker makes it, so that it can be fetched at once."""
    evaluation = EVALUATIONS[organisation.slug]
    with addressing("zh"):
        gathered = gather(organisation, first, last, evaluation, now=scene.now)
        part = packs.folder() / f"demo-{organisation.slug}-{scene.now:%Y%m%d%H%M%S%f}.part"
        written = packing.write(gathered, part, lambda _done, _total: None)
    asked, made = scene.now - timedelta(hours=20), scene.now - timedelta(hours=19, minutes=59)
    pack = EvidencePack(
        organisation_id=organisation.id, first_on=first, last_on=last, self_evaluation=evaluation, locale="zh",
        state=PackState.READY, done=written.files, total=written.files, tries=1, asked_by_id=lead.id, asked_at=asked,
        made_at=made, expires_at=made + rules.KEPT_FOR, file=written.file, size=written.size, digest=written.digest,
    )  # fmt: skip
    scene.session.add(pack)
    scene.session.flush()
    fetched = EvidenceDownload(pack_id=pack.id, by_id=scene.cast["clerk"], at=made + timedelta(hours=1))
    scene.session.add(fetched)
    scene.session.flush()


def _paper(amount: str) -> bytes:
    """A receipt of one line, as a PDF file that opens."""
    text = f"BT /F1 24 Tf 40 100 Td (Receipt: CNY {amount}) Tj ET".encode()
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 200] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    out, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    rows = b"".join(b"%010d 00000 n \n" % each for each in places)
    table = b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(objects) + 1, rows)
    return out + table + b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(out)
