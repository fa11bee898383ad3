"""The page of all that somebody has booked, signed up for and been told. It reads only parts of which there is some."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import Integer, Select, bindparam, exists, or_, select

from center.activities.models import Session
from center.bookings import lines, policy
from center.bookings.models.series import BookingSeries
from center.bookings.models.waiting import SlotWish
from center.bookings.series.queries import live_series
from center.bookings.waiting import wishes
from center.kernel import clock
from center.kernel.access import Permission, may, signed_in
from center.kernel.caching.fragment_cache import piece
from center.kernel.caching.read_cache import while_unchanged
from center.kernel.db import db
from center.kernel.i18n import local_date
from center.notices.models import Notice
from center.organisations.models import Membership, Organisation
from center.organisations.queries import ids_led_by
from center.people.acting import ids_acted_for
from center.signups.attendee_lists.queries import driving_ahead
from center.signups.models import SignUp
from center.signups.models.attendee_lists import Driver
from center.signups.to_answer import ToAnswer
from center.troupes.models.troupes import TroupeMember
from center.troupes.queries import memberships_of
from center.web.activities.pages import led_ids, own_organisations
from center.web.activities.request_list import places_to_decide
from center.web.blueprints import bookings as blueprint
from center.web.rendering import own_part_with_forms, render
from center.web.sign_ups.pages import acted_for, sign_ups_ahead, to_know

PAST_SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class MyPage:
    """What somebody has booked, signed up for and been told, and what they do for others."""

    asked: Sequence[ToAnswer]
    told: Sequence[Notice]
    to_decide: int
    workspaces: Sequence[Organisation]
    waiting: Sequence[SlotWish]
    signed_up: Sequence[tuple[SignUp, int | None, Session | None]]
    acts_for_others: bool
    troupes: Sequence[TroupeMember]
    driving: Sequence[Session]
    series: Sequence[BookingSeries]
    rooms_booked: Markup


@dataclass(frozen=True)
class Parts:
    """Of which parts of the page there may be something, for somebody or for organisations that they lead."""

    belongs: bool
    acts: bool
    waits: bool
    signs_up: bool
    dances: bool
    drives: bool
    repeats: bool


@blueprint.get("/me")
@signed_in
def mine() -> ResponseReturnValue:
    """My bookings: what lies ahead, what waits, what was; and those of the organisations I lead."""
    shown = own_part_with_forms(lambda: render("resident/bookings/my_page.html", _my_page()), of="my page")
    return render_template("resident/bookings/mine.html", shown=shown)


def _my_page() -> MyPage:
    now, me = clock.now(), current_user.person_id
    there = _parts_of(me, local_date(now))
    led = sorted(led_ids()) if there.belongs else []
    asked, told = to_know()
    people = acted_for() if there.acts else {me}
    return MyPage(
        asked=asked,
        told=told,
        to_decide=places_to_decide() if led else 0,
        workspaces=own_organisations() if there.belongs else [],
        waiting=wishes.wishes_of(me, led_ids=led, now=now) if there.waits else [],
        signed_up=sign_ups_ahead(people, with_confined=True) if there.signs_up or there.acts else [],
        acts_for_others=len(people) > 1,
        troupes=memberships_of(me) if there.dances else [],
        driving=driving_ahead(me, now=now) if there.drives else [],
        series=live_series(person_id=me, organisation_ids=led, now=now) if there.repeats else [],
        rooms_booked=_rooms_booked(me, led, now),
    )


def _rooms_booked(me: int, led: Sequence[int], now: datetime) -> Markup:
    """The bookings in three lists, drawn once for as long as they say the same."""
    lists = {
        "upcoming": lines.lines_of_person(me, upcoming=True, led_ids=led, now=now),
        "of_organisations": lines.lines_of_organisations(led, now=now) if led else (),
        "past": lines.lines_of_person(me, upcoming=False, led_ids=led, now=now, limit=PAST_SHOWN),
    }
    shown, as_staff = [each for found in lists.values() for each in found], may(Permission.BOOK_FOR_ANYONE)
    cancellable = frozenset(each.id for each in shown if policy.is_cancellable(each, now=now, as_staff=as_staff))
    standings = tuple(each.state_at(now) for each in shown)
    return piece(
        "resident/bookings/rooms_booked.html",
        lambda: {**lists, "cancellable": cancellable, "me": me, "most": lines.COMING_SHOWN},
        of=(*lists.values(), standings, cancellable, me),
    )


def _parts_of(person_id: int, on: date) -> Parts:
    read = lambda: Parts(*db.session.connection().execute(_parts(on), {"person_id": person_id}).one())  # noqa: E731
    return while_unchanged(("parts of my page", person_id, on), read)


@lru_cache(maxsize=2)
def _parts(on: date) -> Select[*tuple[Any, ...]]:
    """Whether there is a row that may be shown, in the order of `Parts`."""
    me = bindparam("person_id", type_=Integer)
    acted_for, led = ids_acted_for(me, on=on).subquery(), ids_led_by(me, on=on)
    return select(
        exists().where(Membership.person_id == me),
        exists().where(acted_for.c[0] != me),
        exists().where(or_(SlotWish.person_id == me, SlotWish.organisation_id.in_(led))),
        exists().where(SignUp.person_id == me),
        exists().where(TroupeMember.person_id == me),
        exists().where(Driver.person_id == me),
        exists().where(or_(BookingSeries.person_id == me, BookingSeries.organisation_id.in_(led))),
    )
