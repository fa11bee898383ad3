"""What the tables of filings hold of a person: who filed, who looked at it."""

from center.incubator.models.filings import ActivityFiling, ActivitySummary
from center.kernel.i18n import lazy_gettext as _l
from center.people.parts import Part

PARTS = (
    Part(model=ActivityFiling, title=_l("Filings of activities"), acted=("filed_by_id", "decided_by_id")),
    Part(model=ActivitySummary, title=_l("Summaries of activities"), acted=("written_by_id",)),
)
