"""What the tables of volunteer hours hold of a person."""

from center.attendance.hours.words import STATE_NAMES
from center.attendance.models.hours import CertifiedShift, HourCertificate, Shift
from center.kernel.i18n import lazy_gettext as _l
from center.people.parts import AT, REASON, SINCE, UNTIL, Part, stays

GIVEN = _l("How much was given is counted; who it was is not kept")
ON_PAPER = _l("Whoever holds it on paper can still check it; it names nobody any more")

PARTS = (
    Part(
        model=Shift,
        title=_l("Hours they gave as volunteers"),
        mine=("person_id",),
        acted=("certified_by_id", "out_by_id", "recorded_by_id", "refused_by_id", "reviewed_by_id"),
        says={"session_id": _l("Activity"), "in_at": SINCE, "out_at": UNTIL, "state": _l("State"), "reason": REASON},
        words={"state": STATE_NAMES},
        erasing=stays(GIVEN, empties=("reason",)),
    ),
    Part(
        model=HourCertificate,
        title=_l("Certificates of volunteer hours"),
        mine=("person_id",),
        acted=("made_by_id",),
        says={"number": _l("Number"), "first_on": SINCE, "last_on": UNTIL, "made_at": AT},
        erasing=stays(ON_PAPER, keeps=("number",)),
    ),
    Part(
        model=CertifiedShift,
        title=_l("Hours on their certificates"),
        through="certificate_id",
        erasing=stays(GIVEN),
    ),
)
