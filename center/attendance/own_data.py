"""What the tables of attendance hold of a person."""

from center.attendance.models.devices import Card, Device
from center.kernel.i18n import lazy_gettext as _l
from center.people.parts import Part, stays

PARTS = (
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
