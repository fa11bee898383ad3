"""What the tables of troupes hold of a person."""

from center.kernel.i18n import lazy_gettext as _l
from center.people.parts import AT, GOES, REASON, SINCE, UNTIL, Part, stays
from center.troupes.models.pieces import PieceFile, PieceKnowledge
from center.troupes.models.seasons import SeasonMember
from center.troupes.models.troupes import Handover, MemberEvent, MemberPart, TroupeEnding, TroupeMember, TroupeOffice
from center.troupes.words import LEVEL_NAMES, OFFICE_NAMES, STATE_NAMES

COUNTED = _l("How many belonged to a troupe is counted; who it was is not kept")
TROUPE, STATE, PART = _l("Troupe"), _l("State"), _l("Part in the troupe")

PARTS = (
    Part(
        model=TroupeMember,
        title=_l("Troupes"),
        mine=("person_id",),
        says={
            "troupe_id": TROUPE,
            "state": STATE,
            "applied_on": _l("Applied"),
            "joined_on": _l("Joined"),
            "left_on": _l("Left the troupe"),
            "words": _l("What you wrote when you asked"),
        },
        words={"state": STATE_NAMES},
        erasing=stays(COUNTED, empties=("words",)),
    ),
    Part(
        model=MemberPart,
        title=_l("Parts in troupes"),
        through="member_id",
        says={"part_id": PART},
        erasing=GOES,
    ),
    Part(
        model=MemberEvent,
        title=_l("How they stood in troupes"),
        through="member_id",
        acted=("by_id",),
        says={"on_date": AT, "became": STATE, "reason": REASON},
        words={"became": STATE_NAMES},
        erasing=stays(COUNTED, empties=("reason",)),
    ),
    Part(
        model=TroupeOffice,
        title=_l("Offices in troupes"),
        through="member_id",
        acted=("named_by_id",),
        says={"troupe_id": TROUPE, "office": _l("Office"), "starts_on": SINCE, "ends_on": UNTIL},
        words={"office": OFFICE_NAMES},
        erasing=stays(COUNTED),
    ),
    Part(model=TroupeEnding, title=_l("Ends of troupes"), acted=("by_id", "back_by_id")),
    Part(model=Handover, title=_l("Hand-over sheets of troupes"), acted=("made_by_id",)),
    Part(
        model=PieceKnowledge,
        title=_l("Pieces they know"),
        through="member_id",
        acted=("said_by_id",),
        says={"piece_id": _l("Piece"), "part_id": PART, "level": _l("How well")},
        words={"level": LEVEL_NAMES},
        erasing=GOES,
    ),
    Part(model=PieceFile, title=_l("Scores and recordings they added"), acted=("added_by_id",)),
    Part(
        model=SeasonMember,
        title=_l("Seasons of troupes"),
        through="member_id",
        says={"season_id": _l("Season")},
        erasing=GOES,
    ),
)
