"""What a person's page at the desk shows: what waits for them, what can be done with one key, and who is near them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_login import current_user

from center.activities.models import Session
from center.attendance.at_sessions import AtSession, at_sessions
from center.attendance.households import Beside, beside
from center.bookings import undoing as booking_undoing
from center.bookings.models import Booking
from center.bookings.models.waiting import SlotWish
from center.bookings.queries import bookings_of_person
from center.bookings.rulebook.missed_visits import Visit, visit_of
from center.bookings.visits.limits import VisitRecord, visit_record_of
from center.bookings.waiting.wishes import wishes_of
from center.kernel import undoing
from center.kernel.access import Permission, may
from center.kernel.i18n import local_date
from center.kernel.sealed import seal
from center.notices.calling import Call, by_phone
from center.notices.queries import to_tell_at_the_desk, withdrawn_among
from center.organisations.queries import organisations_led_by
from center.people import acting
from center.people.actions import is_closed
from center.people.households import has_door
from center.people.looked import PURPOSES
from center.people.models import Delegation, Guardianship, Person
from center.people.policy import may_hand_over
from center.people.queries import grants_of
from center.people.search import find_at_door
from center.signups import messages
from center.signups import undoing as sign_up_undoing
from center.signups.answers import facts_of_date
from center.signups.models import SignUp, SignUpState
from center.signups.queries import offers_to
from center.signups.roster_state import read
from center.signups.to_answer import ToAnswer, to_answer_by
from center.web.desk import queries
from center.web.desk.people.copy_views import may_hand_out
from center.web.people import looks
from center.web.people.searching import SearchForm

PAST_SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class Waits:
    """What is to be asked and told as soon as somebody stands at the desk, or answers the phone."""

    offers: Sequence[tuple[SignUp, str]]  # with the seal of what is read beside the button
    answers: Sequence[ToAnswer]
    calls: Sequence[Call]

    @property
    def count(self) -> int:
        """How many things."""
        return len(self.offers) + len(self.answers) + len(self.calls)


@dataclass(frozen=True, kw_only=True)
class Near:
    """Who lives behind the same door, who answers for them or is their child, and who may act for whom."""

    at_door: Sequence[Person]
    guardians: Sequence[Guardianship]
    children: Sequence[Person]
    helpers: Sequence[Delegation]
    helped: Sequence[Delegation]

    def __bool__(self) -> bool:
        return bool(self.at_door or self.guardians or self.children or self.helpers or self.helped)


@dataclass(frozen=True, kw_only=True)
class JustDone:
    """What the desk has done for them in the last ten minutes and can be undone."""

    sign_ups: Sequence[SignUp]
    bookings: Sequence[Booking]
    check_ins: Sequence[Booking]
    at_sessions: Sequence[AtSession]
    beside: Mapping[int, Sequence[Beside]]  # who of their household is expected there as well, by session

    def __bool__(self) -> bool:
        return bool(self.sign_ups or self.bookings or self.check_ins or self.at_sessions)


@dataclass(frozen=True, kw_only=True)
class PersonPage:
    """What the centre knows of a person, what they have booked and signed up for, and what is free for them today."""

    person: Person
    phone: str | None  # the whole number, where somebody asked for it
    search: SearchForm
    withdrawn: Collection[int]
    waits: Waits
    awaited: Sequence[Booking]  # whom the desk can check in now
    at_sessions: Mapping[int, AtSession]  # how they stand at what they are signed up for, by session
    just_done: JustDone
    goes_on: bool  # something was done just now: the next person comes first
    near: Near
    coming: Sequence[Booking]
    visits: Mapping[int, Visit]
    signed_up: Sequence[tuple[SignUp, int | None, Session | None]]
    past: Sequence[Booking]
    wishes: Sequence[SlotWish]
    offers: Sequence[queries.Offer]
    today: date
    coming_days: Sequence[date]
    purposes: Mapping[str, Any]
    record: VisitRecord
    may_hand_out: bool
    is_closed: bool
    may_have_code: bool


def person_page(
    person: Person,
    signed_up: Sequence[tuple[SignUp, int | None, Session | None]],
    *,
    now: datetime,
    phone: str | None = None,
    goes_on: bool = False,
) -> PersonPage:
    """Everything the page shows. `signed_up` is what they are signed up for, where whoever looks may see it."""
    today, sees_bookings = local_date(now), may(Permission.SEE_BOOKINGS)
    led_ids = [each.id for each in organisations_led_by(person.id, today)]
    coming = bookings_of_person(person.id, upcoming=True, led_ids=led_ids, now=now)
    visits = {each.id: visit_of(each, now=now) for each in coming}
    sessions = [session for sign_up, _place, session in signed_up if session and sign_up.state is SignUpState.CONFIRMED]
    standing = at_sessions(person.id, sessions, now=now)
    return PersonPage(
        person=person,
        phone=phone,
        search=SearchForm(formdata=None),
        withdrawn=withdrawn_among([person]),
        waits=_waits(person, now=now),
        awaited=[each for each in coming if visits[each.id] is Visit.AWAITED],
        at_sessions={each.session.id: each for each in standing},
        just_done=_just_done(person, coming, visits, standing, now=now),
        goes_on=goes_on,
        near=_near(person, today),
        coming=coming,
        visits=visits,
        signed_up=signed_up,
        past=bookings_of_person(person.id, upcoming=False, led_ids=led_ids, now=now, limit=PAST_SHOWN),
        wishes=wishes_of(person.id, led_ids=led_ids, now=now) if sees_bookings else [],
        offers=[offer for offer in queries.offers(today, now=now) if offer.starts],
        today=today,
        coming_days=queries.coming_days(today),
        purposes=PURPOSES,
        record=visit_record_of(person.id, now=now),
        may_hand_out=may_hand_out(person),
        is_closed=is_closed(person.account),
        may_have_code=may_hand_over(current_user.permissions, grants_of(person.id), today=today),
    )


def _waits(person: Person, *, now: datetime) -> Waits:
    """What those may answer and say who may do so; others see nothing of it."""
    signs_up, tells = may(Permission.SIGN_UP_ANYONE), may(Permission.TELL_PEOPLE)
    found = offers_to([person.id], now=now) if signs_up else []
    offered = [each for each in found if not each.roster.activity.is_confined]
    asked = to_answer_by(person, {person.id}, now=now) if may(Permission.BOOK_FOR_ANYONE) else []
    abouts = {messages.about(each) for each in offered}
    told = to_tell_at_the_desk(person.id, now=now) if tells else []
    return Waits(
        offers=[(each, seal(facts_of_date(read(each.roster)))) for each in offered],
        answers=[each for each in asked if not each.about.startswith("sign_up:")],
        calls=by_phone([each for each in told if each.notice.about not in abouts]),
    )


def _just_done(
    person: Person,
    coming: Sequence[Booking],
    visits: Mapping[int, Visit],
    standing: Sequence[AtSession],
    *,
    now: datetime,
) -> JustDone:
    made = sign_up_undoing.just_made(current_user.person, now=now) if may(Permission.SIGN_UP_ANYONE) else []
    checked_in = [
        each
        for each in coming
        if visits[each.id] is Visit.HERE and each.checked_in_at and undoing.may_undo(each.checked_in_at, now=now)
    ]
    booked = booking_undoing.just_made(coming, by=current_user.person, now=now)
    just_said = [each for each in standing if each.just_said]
    return JustDone(
        sign_ups=[each for each in made if each.person_id == person.id],
        bookings=booked if may(Permission.BOOK_FOR_ANYONE) else [],
        check_ins=checked_in if may(Permission.BOOK_FOR_ANYONE) else [],
        at_sessions=just_said,
        beside={each.session.id: beside(each.session, person, now=now) for each in just_said if each.is_here},
    )


def _near(person: Person, today: date) -> Near:
    at_door: list[Person] = []
    if has_door(person) and person.building_id is not None:
        behind = find_at_door(person.building_id, person.unit, person.door)
        at_door = [each for each in behind if each.id != person.id and not each.is_double and not each.erased_at]
        looks.see_doors(at_door)
    if not may(Permission.EDIT_PEOPLE):
        return Near(at_door=at_door, guardians=(), children=(), helpers=(), helped=())
    return Near(
        at_door=at_door,
        guardians=acting.guardians_of(person, on=today),
        children=acting.children_of(person, on=today),
        helpers=acting.delegations_of(person, on=today),
        helped=acting.delegations_to(person, on=today),
    )
