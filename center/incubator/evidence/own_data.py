"""What the tables of evidence hold of a person."""

from center.incubator.models.evidence import EvidenceDownload, EvidencePack, EvidencePicture, SpendingEntry
from center.kernel.i18n import lazy_gettext as _l
from center.people.parts import AT, Part, stays

OF_THE_ORGANISATION = _l("It is the organisation's evidence")

PARTS = (
    Part(
        model=EvidencePicture,
        title=_l("Photographs of sessions they added"),
        acted=("added_by_id",),
    ),
    Part(model=SpendingEntry, title=_l("Spending they entered or struck"), acted=("added_by_id", "struck_by_id")),
    Part(
        model=EvidencePack,
        title=_l("Packs of evidence they asked for"),
        mine=("asked_by_id",),
        withheld=frozenset({"file", "maker"}),
        says={"asked_at": AT, "first_on": _l("First day"), "last_on": _l("Last day")},
        erasing=stays(OF_THE_ORGANISATION, keeps=None),
    ),
    Part(
        model=EvidenceDownload,
        title=_l("Packs of evidence they fetched"),
        mine=("by_id",),
        says={"at": AT},
        erasing=stays(OF_THE_ORGANISATION),
    ),
)
