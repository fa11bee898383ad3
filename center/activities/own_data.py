"""What the tables of activities hold of a person."""

from center.activities.change_requests.models import ChangeRequest
from center.activities.models import Activity, ActivityEvent
from center.activities.photos.models import ActivityPhoto
from center.kernel.i18n import lazy_gettext as _l
from center.people.parts import AT, Part, stays

PUBLIC_WORDS = _l("What was written and shown for an organisation is the organisation's")
PICTURES = frozenset({"large", "small"})  # they stand on the activity's page


PARTS = (
    Part(
        model=Activity,
        title=_l("Activities they wrote"),
        mine=("created_by_id",),
        withheld=frozenset({"request_key", "search_key"}),
        says={"title": _l("Title"), "created_at": AT},
        erasing=stays(PUBLIC_WORDS, keeps=None),
    ),
    Part(model=ActivityEvent, title=_l("What happened to activities"), acted=("by_id",)),
    Part(
        model=ActivityPhoto,
        title=_l("Photos they added"),
        mine=("added_by_id",),
        withheld=PICTURES,
        says={"activity_id": _l("Activity"), "alt": _l("What it shows"), "added_at": AT},
        erasing=stays(PUBLIC_WORDS, keeps=None),
    ),
    Part(
        model=ChangeRequest,
        title=_l("Changes of activities they proposed"),
        mine=("proposed_by_id",),
        acted=("decided_by_id",),
        withheld=PICTURES | {"before", "kept_until"},  # of a page, for a minute
        says={"activity_id": _l("Activity"), "proposed_at": AT, "answer": _l("Answer")},
        erasing=stays(PUBLIC_WORDS, keeps=None),
    ),
)
