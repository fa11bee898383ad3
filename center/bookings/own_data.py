"""What the tables of bookings hold of a person."""

from center.bookings.history import CHANGES, STATUSES
from center.bookings.models import Booking, BookingEvent, BookingNeed, CalendarLink, RoomReady
from center.bookings.models.series import BookingSeries, SeriesDate
from center.bookings.models.visits import BookingLimit, NoShow, WelfareCall
from center.bookings.models.waiting import SlotWish
from center.kernel.i18n import lazy_gettext as _l
from center.people.parts import AT, GOES, NOTE, REASON, SINCE, UNTIL, Part, stays
from center.rooms.labels import FEATURES

ROOM, PURPOSE, BOOKING = _l("Room"), _l("What for"), _l("Booking")
WANTED = {
    "room_id": ROOM,
    "starts_at": SINCE,
    "ends_at": UNTIL,
    "purpose": PURPOSE,
    "people": _l("People"),
    "note": NOTE,
}
ROOM_TIME = _l("Whether and how long rooms were used is counted; what for and by whom is not kept")
HISTORY = _l("The history of a room's time, which nobody alters; what was written in it is emptied")
WORDS = (
    "purpose",
    "note",
    "set_up",
    "decision_reason",
    "cancel_reason",
    "change_wanted",
    "change_answer",
)
TECHNICAL = frozenset({"request_key", "use_id"})


PARTS = (
    Part(
        model=BookingSeries,
        title=_l("Series of bookings"),
        mine=("person_id",),
        acted=("booked_by_id",),
        withheld=frozenset({"request_key"}),
        says={
            "reference": _l("Number"),
            "room_id": ROOM,
            "first_on": SINCE,
            "until_on": UNTIL,
            "purpose": PURPOSE,
            "note": NOTE,
        },
        erasing=stays(ROOM_TIME, empties=("purpose", "note"), keeps=("reference", "request_key", "weekdays")),
        unless="organisation_id",
    ),
    Part(
        model=Booking,
        title=_l("Bookings"),
        mine=("person_id",),
        acted=("booked_by_id", "decided_by_id", "cancelled_by_id"),
        withheld=TECHNICAL,
        says={
            "reference": _l("Number"),
            **WANTED,
            "status": _l("State"),
            "decision_reason": REASON,
            "cancel_reason": REASON,
        },
        words={"status": STATUSES},
        erasing=stays(ROOM_TIME, empties=WORDS, keeps=("reference", "request_key")),
        unless="organisation_id",
    ),
    Part(
        model=BookingEvent,
        title=_l("What happened to bookings"),
        through="booking_id",
        acted=("by_id",),
        withheld=frozenset({"press"}),
        says={"booking_id": BOOKING, "at": AT, "what": _l("What"), "reason": REASON},
        words={"what": CHANGES},
        erasing=stays(HISTORY, empties=("reason",), keeps=("press",)),
    ),
    Part(
        model=BookingNeed,
        title=_l("What bookings need of the room"),
        through="booking_id",
        says={"booking_id": BOOKING, "need": _l("What")},
        words={"need": {key: words for key, (words, _icon) in FEATURES.items()}},
        erasing=GOES,
    ),
    Part(
        model=RoomReady,
        title=_l("When the room was made ready"),
        through="booking_id",
        acted=("done_by_id",),
        says={"booking_id": BOOKING, "done_at": AT},
        erasing=stays(ROOM_TIME),
    ),
    Part(
        model=SeriesDate,
        title=_l("Dates of series"),
        through="series_id",
        says={"series_id": _l("Series"), "on_date": _l("Date"), "booking_id": BOOKING},
        erasing=stays(ROOM_TIME),
    ),
    Part(
        model=CalendarLink,
        title=_l("Link to their calendar"),
        mine=("person_id",),
        withheld=frozenset({"token_hash"}),
        says={"made_at": _l("Made")},
        erasing=GOES,
    ),
    Part(
        model=NoShow,
        title=_l("Missed visits"),
        mine=("person_id",),
        acted=("recorded_by_id", "excused_by_id"),
        says={
            "booking_id": BOOKING,
            "missed_at": AT,
            "excused_at": _l("Excused"),
            "excuse": REASON,
        },
        erasing=stays(ROOM_TIME, empties=("excuse",)),
    ),
    Part(
        model=WelfareCall,
        title=_l("Calls to see how they are"),
        mine=("person_id",),
        acted=("done_by_id",),
        says={"opened_at": AT, "done_at": _l("Done"), "found": NOTE},
        erasing=GOES,
    ),
    Part(
        model=BookingLimit,
        title=_l("Limits on booking"),
        mine=("person_id",),
        acted=("decided_by_id", "lifted_by_id"),
        says={
            "decided_at": AT,
            "reason": REASON,
            "ends_at": UNTIL,
            "lifted_at": _l("Lifted"),
            "lift_reason": _l("Why it was lifted"),
        },
        erasing=GOES,
    ),
    Part(
        model=SlotWish,
        title=_l("Times they waited for"),
        mine=("person_id",),
        acted=("asked_by_id",),
        withheld=frozenset({"use_id"}),
        says={**WANTED, "asked_at": _l("Asked")},
        erasing=GOES,
        unless="organisation_id",
    ),
)
