"""What the tables of works and sale days hold of a person."""

from center.kernel.i18n import lazy_gettext as _l
from center.people.parts import AT, REASON, SINCE, UNTIL, Part, stays
from center.troupes.models.works import Sale, SaleDay, Work, WorkPhoto
from center.troupes.works.words import DAY_STATES, WORK_STATES

COUNTED = _l("What was made and sold is counted; who made it is not kept")
STUDIO = _l("What a studio asked for is the studio's")
STATE = _l("State")

PARTS = (
    Part(
        model=SaleDay,
        title=_l("Sale days they asked for"),
        mine=("requested_by_id",),
        acted=("decided_by_id",),
        says={"name": _l("Name"), "starts_at": SINCE, "ends_at": UNTIL, "state": STATE, "reason": REASON},
        words={"state": DAY_STATES},
        erasing=stays(STUDIO, keeps=None),
    ),
    Part(
        model=Work,
        title=_l("Works they made"),
        mine=("maker_id",),
        acted=("registered_by_id",),
        withheld=frozenset({"reserved_for"}),  # somebody else's name
        says={"title": _l("Title"), "price_fen": _l("Price in fen"), "state": STATE, "registered_at": AT},
        words={"state": WORK_STATES},
        erasing=stays(COUNTED, empties=("maker_shown",), keeps=("title", "title_en", "reserved_for")),
    ),
    Part(
        model=WorkPhoto,
        title=_l("Photographs of their works"),
        through="work_id",
        acted=("added_by_id",),
        withheld=frozenset({"large", "small"}),
        says={"work_id": _l("Work"), "alt": _l("What it shows")},
        erasing=stays(COUNTED, keeps=None),
    ),
    Part(
        model=Sale,
        title=_l("Works of theirs that were sold"),
        through="work_id",
        acted=("by_id",),
        says={"work_id": _l("Work"), "maker_fen": _l("Their share in fen"), "at": AT},
        erasing=stays(COUNTED),
    ),
)
