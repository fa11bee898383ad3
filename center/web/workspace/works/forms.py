"""Forms of works and sale days."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, SelectField, TimeField
from wtforms.validators import InputRequired

from center.activities.photos.images import Picture, draw
from center.kernel import clock
from center.kernel.db import lock, transaction
from center.kernel.errors import RuleBroken
from center.kernel.i18n import centre_zone, in_language, local_date
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person
from center.troupes.models.troupes import TroupeMember
from center.troupes.models.works import SaleDay, Work
from center.troupes.works import catalogue
from center.troupes.works.catalogue import WorkFacts
from center.troupes.works.days import DayFacts
from center.troupes.works.rules import Price, fen_of, price_of, yuan
from center.web.activities.photo_forms import AGREE_FIRST, bytes_of
from center.web.editing import EditingForm
from center.web.forms import BaseForm, CreatingForm, text_field
from center.web.troupes.fields import many

NEED_DAY = InputRequired(_l("Please choose a day, such as 2026-11-24."))
NEED_TIME = InputRequired(_l("Please write a time such as 14:30."))
SHARE = _l("What is left of the price is the charity share, for the purpose of the sale day.")
SHOWN = _l("As the maker wants to be named in public: a name, a pen name, or nothing.")


class WorkForm(EditingForm):
    """What a work is called, who made it, and what it costs."""

    title = text_field(_l("Title"), most=60)
    title_en = text_field(_l("Title in English"), most=100, required=False)
    maker = SelectField(_l("Maker"), coerce=int)
    maker_shown = text_field(_l("Maker, as it is published"), most=40, required=False, hint=SHOWN)
    price = text_field(_l("Price in yuan"), most=12, hint=_l("Such as 35 or 35.50."))
    share = text_field(_l("The maker's share of it, in yuan"), most=12, hint=SHARE)

    def offer(self, members: Sequence[TroupeMember], maker: Person | None = None) -> None:
        """Who can have made it."""
        choices = {each.person_id: each.person.name for each in members}
        if maker is not None:
            choices.setdefault(maker.id, maker.name)
        self.maker.choices = list(choices.items())

    def facts(self) -> WorkFacts:
        """What was typed."""
        return WorkFacts(
            title=self.title.data,
            title_en=self.title_en.data or "",
            maker_id=self.maker.data,
            maker_shown=self.maker_shown.data or "",
        )

    def cost(self) -> Price:
        """The price and how it is shared; raises RuleBroken on the field at fault."""
        return price_of(fen_of(self.price.data, field="price"), fen_of(self.share.data, field="share"))

    @staticmethod
    def values_of(work: Work) -> dict[str, Any]:
        """What the form shows of a work."""
        return {
            "title": work.title,
            "title_en": work.title_en,
            "maker": work.maker_id,
            "maker_shown": work.maker_shown,
            "price": yuan(work.price_fen).removeprefix("¥"),
            "share": yuan(work.maker_fen).removeprefix("¥"),
        }


class NewWorkForm(CreatingForm, WorkForm):
    """One more work."""


class WorkPhotoForm(BaseForm):
    """The photograph of a work, and what it shows."""

    photo = FileField(_l("Photo"), description=_l("JPEG, PNG or WebP, of at most 24 MB. It is made smaller here."))
    alt = text_field(
        _l("What the photo shows"), most=200, hint=_l("For people who do not see it: “A carp among lotus flowers.”")
    )
    alt_en = text_field(_l("What the photo shows, in English"), most=300, required=False)
    is_agreed = BooleanField(_l("The maker agrees that it is shown, and nobody can be recognised in it"))

    def keep(self, work: Work, *, by: Person) -> None:
        """Keep what was sent: the picture is drawn before the transaction, since that takes its time."""
        if not self.is_agreed.data:
            raise RuleBroken(AGREE_FIRST, field="is_agreed")
        sent, now = bytes_of(self.photo), clock.now()
        words = {"alt": self.alt.data, "alt_en": self.alt_en.data or ""}
        picture: Picture | None = draw(sent) if sent or work.photo is None else None
        with transaction():
            if picture is not None:
                catalogue.put_photo(work, picture, **words, by=by, now=now)
            else:
                assert work.photo is not None
                lock(work.photo)
                work.photo.alt, work.photo.alt_en = words["alt"], words["alt_en"]


class SaleDayForm(EditingForm):
    """When and where a studio wants to sell, and what for."""

    name = text_field(_l("Name"), most=60, hint=_l("“Sale for the Spring Festival”."))
    name_en = text_field(_l("Name in English"), most=80, required=False)
    date = DateField(_l("Day"), validators=[NEED_DAY])
    start = TimeField(_l("Begins at"), validators=[NEED_TIME])
    end = TimeField(_l("Ends at"), validators=[NEED_TIME])
    place = text_field(_l("Where"), most=120)
    purpose = text_field(_l("What the charity share is for"), most=200, hint=_l("Everybody reads this."))
    purpose_en = text_field(_l("What the charity share is for, in English"), most=300, required=False)

    def facts(self) -> DayFacts:
        """What was typed."""
        return DayFacts(
            name=self.name.data,
            name_en=self.name_en.data or "",
            starts_at=_at(self.date.data, self.start.data),
            ends_at=_at(self.date.data, self.end.data),
            place=self.place.data,
            purpose=self.purpose.data,
            purpose_en=self.purpose_en.data or "",
        )

    @staticmethod
    def values_of(day: SaleDay) -> dict[str, Any]:
        """What the form shows of a sale day."""
        zone = centre_zone()
        starts, ends = day.starts_at.astimezone(zone), day.ends_at.astimezone(zone)
        texts = {name: getattr(day, name) for name in ("name", "name_en", "place", "purpose", "purpose_en")}
        return {**texts, "date": starts.date(), "start": starts.time(), "end": ends.time()}


class NewSaleDayForm(CreatingForm, SaleDayForm):
    """One more sale day."""


class WorksForm(BaseForm):
    """Which works are put on a sale day."""

    works = many(_l("Works"))

    def offer(self, works: Sequence[Work]) -> None:
        """Which can be."""
        self.works.choices = [
            (work.number, f"{work.number} · {in_language(work.title, work.title_en)} · {yuan(work.price_fen)}")
            for work in works
        ]


class ReserveForm(BaseForm):
    """For whom a work is kept, and until when."""

    until_on = DateField(_l("Until"), validators=[NEED_DAY])
    until_at = TimeField(_l("At"), validators=[NEED_TIME])
    whom = text_field(
        _l("Reserved for"),
        most=40,
        required=False,
        hint=_l("A first name will do. It is forgotten with the reservation."),
    )

    refused_at: ClassVar = {"until": "until_at"}

    def until(self) -> datetime:
        """Until which moment."""
        return _at(self.until_on.data, self.until_at.data)

    @staticmethod
    def usual(day: SaleDay, *, now: datetime) -> dict[str, Any]:
        """Two hours from now or from its beginning, and not beyond the sale day."""
        until = min(max(now, day.starts_at) + timedelta(hours=2), day.ends_at)
        return {"until_on": local_date(until), "until_at": until.astimezone(centre_zone()).time()}


class CallOffForm(BaseForm):
    """Why a sale day does not take place."""

    reason = text_field(_l("Reason"), most=200)


def _at(day: date, at: time) -> datetime:
    return datetime.combine(day, at, centre_zone())
