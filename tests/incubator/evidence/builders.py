"""An organisation's month with something of everything."""

from dataclasses import dataclass
from pathlib import Path

from center.activities.models import Session
from center.activities.photos.images import Picture
from center.attendance import registers
from center.incubator.evidence import packs, pictures, spending
from center.incubator.evidence.spending import Receipt, Spent
from center.incubator.models.evidence import EvidencePack, EvidencePicture, ReceiptKind, SpendingEntry
from center.kernel.db import db, transaction
from center.organisations.models import Organisation
from center.people.models import Person
from tests.attendance.conftest import Class
from tests.builders import at
from tests.feedback.builders import after, make_visited, say, tickets_of
from tests.feedback.builders import ask as ask_how_it_was

PDF = b"%PDF-1.4\n1 0 obj\n%%EOF\n"


@dataclass(frozen=True)
class Month:
    """A session that five people came to, and who leads it."""

    lesson: Class

    @property
    def session(self) -> Session:
        """The session."""
        return self.lesson.session

    @property
    def organisation(self) -> Organisation:
        """Whose it is."""
        return self.session.activity.organisation

    @property
    def lead(self) -> Person:
        """Who leads it."""
        return self.lesson.lead


def make_month(people: int = 5) -> Month:
    """A session of tomorrow that people came to; its register is closed, and each said how it was."""
    month = Month(make_visited(people))
    with transaction():
        registers.close(month.session, by=month.lead, now=after(month.session, hours=1))
    ask_how_it_was(month.lesson)
    for ticket in tickets_of(month.lesson):
        say(ticket, words="热闹")
    return month


def make_picture(month: Month, content: bytes = b"\xff\xd8\xff one") -> EvidencePicture:
    """A photograph of its session."""
    drawn = Picture(large=content, small=b"small", width=900, height=600)
    with transaction():
        return pictures.add(month.session, drawn, caption="大家在剪纸", by=month.lead, now=after(month.session))


def make_spending(month: Month, *, what: str = "红纸", fen: int = 3050, receipt: bytes = PDF) -> SpendingEntry:
    """Something that was bought for it."""
    kept = Receipt(ReceiptKind.PDF, receipt) if receipt else None
    spent = Spent(spent_on=month.session.local_day, what=what, fen=fen, receipt=kept)
    with transaction():
        return spending.enter(month.organisation, spent, by=month.lead, now=after(month.session))


def ask_pack(month: Month, *, self_evaluation: str = "顺利") -> EvidencePack:
    """A pack of that day."""
    day = month.session.local_day
    with transaction():
        return packs.ask(
            month.organisation, day, day, self_evaluation=self_evaluation, by=month.lead, now=at(13, day=day)
        )


def read_anew(pack: EvidencePack) -> EvidencePack:
    """The pack as it stands now."""
    db.session.rollback()
    return db.session.get_one(EvidencePack, pack.id, populate_existing=True)


def file_of(pack: EvidencePack) -> Path:
    """Its file."""
    return packs.folder() / read_anew(pack).file
