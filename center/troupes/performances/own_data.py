"""What the tables of performances hold of a person."""

from center.kernel.i18n import lazy_gettext as _l
from center.people.parts import AT, GOES, REASON, SINCE, UNTIL, Part, stays
from center.troupes.performances.models import Appearance, Performance, PerformanceEvent, Performer, Programme
from center.troupes.performances.reply_models import Reply, ReplyLink, StageName
from center.troupes.performances.words import ANSWER_NAMES

PLAYED = _l("A published programme stays as it was; the name in it is gone")

PARTS = (
    Part(model=Performance, title=_l("Performances they entered"), acted=("made_by_id",)),
    Part(model=PerformanceEvent, title=_l("Steps of performances"), acted=("by_id",)),
    Part(
        model=Programme,
        title=_l("Programmes they wrote or published"),
        acted=("made_by_id", "published_by_id", "allowed_by_id"),
    ),
    Part(
        model=Appearance,
        title=_l("When they are on a stage"),
        mine=("person_id",),
        says={"starts_at": SINCE, "ends_at": UNTIL},
        erasing=stays(PLAYED),
    ),
    Part(
        model=Performer,
        title=_l("Programmes they are in"),
        mine=("person_id",),
        says={"performance_id": _l("Performance"), "is_stand_in": _l("As a stand-in")},
        erasing=stays(PLAYED),
    ),
    Part(
        model=Reply,
        title=_l("Whether they come to performances"),
        through="member_id",
        acted=("by_id",),
        says={"performance_id": _l("Performance"), "answer": _l("Answer"), "reason": REASON, "at": AT},
        words={"answer": ANSWER_NAMES},
        erasing=GOES,
    ),
    Part(
        model=ReplyLink,
        title=_l("Links to answer without signing in"),
        through="member_id",
        acted=("made_by_id",),
        withheld=frozenset({"digest"}),
        says={"made_at": SINCE, "ends_at": UNTIL},
        erasing=GOES,
    ),
    Part(
        model=StageName,
        title=_l("Name in programmes"),
        through="member_id",
        acted=("said_by_id",),
        says={"name": _l("Name"), "said_at": AT},
        erasing=GOES,
    ),
)
