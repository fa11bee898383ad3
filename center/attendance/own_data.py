"""What the tables of attendance hold of a person."""

from center.attendance.models import Admission, Amendment, Attendance, AttendanceEvent, Register, Review
from center.attendance.models.devices import Card, Device
from center.attendance.models.paper import SheetPhoto
from center.attendance.models.undecided import UndecidedEvent
from center.attendance.status_words import ADMITTED_NAMES, HOW_NAMES, STATUS_NAMES, VERB_NAMES, WHY_NAMES
from center.kernel.i18n import lazy_gettext as _l
from center.people.parts import AT, REASON, Part, stays

COUNTED = _l("How many came is counted; who it was is not kept")
SESSION, STATUS, CAME_AT, LEFT_AT = _l("Date of an activity"), _l("State"), _l("Came at"), _l("Left at")

PARTS = (
    Part(model=Register, title=_l("Registers they opened or signed"), acted=("opened_by_id", "closed_by_id")),
    Part(
        model=Attendance,
        title=_l("Attendance"),
        mine=("person_id",),
        says={"session_id": SESSION, "status": STATUS, "arrived_at": CAME_AT, "left_at": LEFT_AT, "how": _l("How")},
        words={"status": STATUS_NAMES, "how": HOW_NAMES},
        erasing=stays(COUNTED),
    ),
    Part(
        model=AttendanceEvent,
        title=_l("What was written down when they came and left"),
        mine=("person_id",),
        acted=("by_id",),
        says={"session_id": SESSION, "at": AT, "verb": _l("What"), "how": _l("How"), "why": _l("Why")},
        words={"verb": VERB_NAMES, "how": HOW_NAMES, "why": WHY_NAMES},
        withheld=frozenset({"nonce", "digest", "code"}),
        erasing=stays(COUNTED, keeps=("nonce", "digest", "code")),
    ),
    Part(
        model=UndecidedEvent,
        title=_l("Entries to decide"),
        through="event_id",
        says={"session_id": SESSION, "event_id": _l("Entry")},
        erasing=stays(COUNTED),
    ),
    Part(
        model=Review,
        title=_l("What was decided of entries that were not clear"),
        mine=("person_id",),
        acted=("by_id",),
        says={"event_id": _l("Entry"), "at": AT, "reason": REASON},
        erasing=stays(COUNTED, empties=("reason",)),
    ),
    Part(
        model=Amendment,
        title=_l("Registers that were put right"),
        mine=("person_id",),
        acted=("by_id",),
        says={"session_id": SESSION, "at": AT, "was": _l("Was"), "now_is": _l("Is"), "reason": REASON},
        words={"was": STATUS_NAMES, "now_is": STATUS_NAMES},
        erasing=stays(COUNTED, empties=("reason",)),
    ),
    Part(
        model=Admission,
        title=_l("When they were let in without a place"),
        mine=("person_id",),
        acted=("by_id",),
        says={"session_id": SESSION, "at": AT, "kind": _l("Why"), "reason": REASON},
        words={"kind": ADMITTED_NAMES},
        erasing=stays(COUNTED, empties=("reason",)),
    ),
    Part(model=SheetPhoto, title=_l("Photos of signed sheets"), acted=("added_by_id", "removed_by_id")),
    Part(
        model=Card,
        title=_l("Cards for checking in"),
        mine=("person_id",),
        acted=("issued_by_id", "revoked_by_id"),
        withheld=frozenset({"code_hash"}),
        says={"issued_at": _l("Printed"), "revoked_at": _l("Ended")},
        erasing=stays(
            _l("So that a card that is found says that it is nobody's; it holds no name"), keeps=("code_hash",)
        ),
    ),
    Part(model=Device, title=_l("Devices for checking in"), acted=("made_by_id", "revoked_by_id")),
)
