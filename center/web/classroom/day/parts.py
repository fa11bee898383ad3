"""What the pages of a day share: which day is meant, who may see it, who else of the staff is there, what is sent."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from flask import request
from flask_login import current_user
from sqlalchemy import select
from wtforms import HiddenField, validators

from center.afterschool.custody.ledger import Sent
from center.afterschool.handing_over.saying import Saying
from center.afterschool.models.staff import CareDuty
from center.afterschool.models.terms import TermDay
from center.afterschool.policy import may_care, may_take_in
from center.afterschool.queries import days_on
from center.afterschool.rights import on_call
from center.kernel import clock
from center.kernel.access import authorise
from center.kernel.db import db
from center.kernel.i18n import centre_zone
from center.people.models import Person
from center.web.forms import BaseForm, asked_date, id_of

NOT_SAID = frozenset({"csrf_token", "nonce"})


@dataclass(frozen=True, kw_only=True)
class Day:
    """The day that a page is of; `day` is None where no programme takes place.

    `of_date`: the days of all terms of that date that whoever looks may see, of which the page shows one.
    """

    on: date
    today: date
    now: datetime
    day: TermDay | None
    of_date: Sequence[TermDay] = ()

    @property
    def is_today(self) -> bool:
        """Whether it is today: only then something is said of children."""
        return self.on == self.today

    @property
    def query(self) -> dict[str, Any]:
        """What the address of a page of this day says besides."""
        return self.query_of(self.day)

    def query_of(self, day: TermDay | None) -> dict[str, Any]:
        """The same for the day of another term."""
        date_said = {} if self.is_today else {"date": self.on.isoformat()}
        return date_said | ({"term": day.term_id} if day and len(self.of_date) > 1 else {})

    def saying(self, sent: Sent | None = None) -> Saying:
        """Something that whoever is signed in says now of this day."""
        return Saying(by=current_user.person, now=self.now, on=self.on, day=self.day, sent=sent)


class ActForm(BaseForm):
    """Something that is said of a child, under a number of its own: sent twice, it is written down once."""

    nonce = HiddenField(default=lambda: str(uuid4()), validators=[validators.UUID()])

    def sent(self, about: str = "") -> Sent:
        """Its number, and a digest of all that it says."""
        nonce = UUID(str(self.nonce.data))
        said = sorted((name, value) for name, value in request.form.items(multi=True) if name not in NOT_SAID)
        digest = hashlib.sha256(repr((current_user.person_id, said)).encode()).hexdigest()
        return Sent(nonce=str(uuid5(nonce, about) if about else nonce), digest=digest)


def day_asked() -> Day:
    """The day that is asked for, today by default, if whoever is signed in may see it; raises NotFound.

    Of several terms the one that is asked for, else the first.
    """
    now, today = clock.now(), clock.today(centre_zone())
    on = asked_date() or today
    days = days_on(on)
    mine = [each for each in days if may_care(current_user, each)]
    term = request.args.get("term", "")
    chosen = next((each for each in mine if not term or each.term_id == id_of(term)), None)
    authorise(chosen is not None if days else may_take_in(current_user, on))
    return Day(on=on, today=today, now=now, day=chosen, of_date=mine)


def colleagues(day: Day) -> list[Person]:
    """Who else of the staff may look as well: whoever is on duty that day, and the directors."""
    query = select(Person).join(CareDuty, CareDuty.person_id == Person.id)
    on_duty = query.where(CareDuty.day_id == (day.day.id if day.day else None)).order_by(Person.sort_key, Person.id)
    people: Sequence[Person] = db.session.scalars(on_duty).all()
    found = {each.id: each for each in people} | {each.person.id: each.person for each in on_call.directors(day.today)}
    found.pop(current_user.person_id, None)
    return list(found.values())
