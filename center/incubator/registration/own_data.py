"""What the register of organisations holds of a person: who entered, who reported."""

from center.incubator.models.registration import QuarterReport, Registration
from center.kernel.i18n import lazy_gettext as _l
from center.people.parts import Part

PARTS = (
    Part(model=Registration, title=_l("Register of organisations"), acted=("entered_by_id",)),
    Part(model=QuarterReport, title=_l("Figures of a quarter"), acted=("sent_by_id",)),
)
