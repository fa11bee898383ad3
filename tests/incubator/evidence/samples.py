"""Something of an organisation's evidence for every name that stands in an address."""

from typing import Any

from center.activities.models import Session
from center.activities.photos.images import Picture
from center.incubator.evidence import packs, pictures, spending
from center.incubator.evidence.spending import Receipt, Spent
from center.incubator.models.evidence import ReceiptKind
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.i18n import local_date
from center.people.models import Person


def of_evidence(session_id: int, lead: Person) -> dict[str, Any]:
    """A pack that waits, an entry with a receipt, and a photograph of a session."""
    session, now = db.session.get_one(Session, session_id), clock.now()
    organisation, today = session.activity.organisation, local_date(now)
    receipt = Receipt(ReceiptKind.PDF, b"%PDF-1.4 %%EOF")
    drawn = Picture(large=b"\xff\xd8\xff", small=b"", width=900, height=600)
    with transaction():
        pack = packs.ask(organisation, today, today, self_evaluation="顺利", by=lead, now=now)
        spent = Spent(spent_on=today, what="红纸", fen=3050, receipt=receipt)
        entry = spending.enter(organisation, spent, by=lead, now=now)
        picture = pictures.add(session, drawn, caption="剪纸", by=lead, now=session.ends_at)
    return {"pack_id": pack.id, "entry_id": entry.id, "picture_name": picture.name}
