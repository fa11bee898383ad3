"""Something that is lent and something that is sold for every name that stands in an address."""

from typing import Any

from sqlalchemy import select

from center.activities.photos.images import draw
from center.kernel import clock
from center.kernel.db import db, transaction
from center.people.models import Person
from center.troupes.lending import loans
from center.troupes.models.lending import LoanLine
from center.troupes.models.troupes import Troupe
from center.troupes.models.works import Work, WorkPhoto
from center.troupes.works import catalogue, selling
from tests.builders import at
from tests.pictures import picture
from tests.troupes.lending_builders import make_day, make_loan, make_thing, make_work


def of_things(slug: str, member: Person) -> dict[str, Any]:
    """Drums of which one is out and one is damaged, with a photo; a work that is sold, and one that is reserved."""
    troupe = db.session.scalars(select(Troupe).where(Troupe.slug == slug)).one()
    drums = make_thing(troupe, labels=["1", "2", "3"])
    drawn = draw(picture())
    broken = make_loan(drums, member, unit=1, starts_at=at(9, days=-3), due_at=at(9, days=-1), is_out=True)
    out = make_loan(drums, member, unit=0, starts_at=at(9, days=-2), due_at=at(9, days=3), is_out=True)
    with transaction():
        line = db.session.get_one(LoanLine, broken.lines[0].id)
        loans.take_back(line, damaged=1, words="鼓皮破了", by=member, now=at(9, days=-1))
        loans.keep_photo(line, drawn, by=member, now=at(9, days=-1))
    work = make_work(troupe, person=member)
    with transaction():
        catalogue.put_photo(db.session.get_one(Work, work.id), drawn, alt="窗花", alt_en="", by=member, now=clock.now())
    sold = make_work(troupe, person=member)
    day = make_day(troupe, [db.session.get_one(Work, each.id) for each in (work, sold)], by=member)
    with transaction():
        selling.sell(db.session.get_one(Work, sold.id), by=member, now=day.starts_at)
    with transaction():
        selling.reserve(db.session.get_one(Work, work.id), at(16), whom="李", now=clock.now())
    photo = db.session.scalars(select(WorkPhoto.name).where(WorkPhoto.work_id == work.id)).one()
    asked = make_day(troupe, by=member, is_approved=False, starts_at=at(9, days=9))
    return {
        "asked_day_id": asked.id,
        "counted": "activities",
        "damaged_id": broken.lines[0].id,
        "line_id": out.lines[0].id,
        "loan_number": out.number,
        "sale_day_id": day.id,
        "thing_id": drums.id,
        "unit_id": drums.units[2].id,
        "work_number": work.number,
        "work_photo": photo,
    }
