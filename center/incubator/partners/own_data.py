"""What the tables of partners hold of a person: when they served."""

from center.incubator.models.partners import ServiceDay, ServiceTurn
from center.kernel.i18n import lazy_gettext as _l
from center.people.parts import Part, stays

COUNTED = _l("How much was given is counted; who it was is not kept")

PARTS = (
    Part(model=ServiceDay, title=_l("Days of service of partners"), acted=("written_by_id",)),
    Part(
        model=ServiceTurn,
        title=_l("Days on which they served with a partner"),
        mine=("person_id",),
        says={"day_id": _l("Day"), "minutes": _l("Minutes")},
        erasing=stays(COUNTED),
    ),
)
