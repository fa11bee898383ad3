"""What kinds, states and changes of things are called."""

from center.kernel.i18n import lazy_gettext as _l
from center.troupes.models.lending import LineState, StockChange, ThingKind, UnitState

THING_KINDS = {
    ThingKind.COSTUME: _l("Costume"),
    ThingKind.PROP: _l("Prop"),
    ThingKind.INSTRUMENT: _l("Instrument to lend"),
    ThingKind.OTHER: _l("Other thing"),
}
UNIT_STATES = {
    UnitState.FIT: _l("Fit to be lent"),
    UnitState.DAMAGED: _l("Damaged"),
    UnitState.LOST: _l("Lost"),
    UnitState.RETIRED: _l("No longer there"),
}
LINE_STATES = {
    LineState.RESERVED: _l("Kept for them"),
    LineState.OUT: _l("Lent out"),
    LineState.RETURNED: _l("Came back whole"),
    LineState.DAMAGED: _l("Came back damaged"),
    LineState.LOST: _l("Not all came back"),
    LineState.CANCELLED: _l("Not lent"),
}
STOCK_CHANGES = {
    StockChange.ADDED: _l("Added"),
    StockChange.DAMAGED: _l("Damaged"),
    StockChange.FOUND: _l("Found again"),
    StockChange.LOST: _l("Lost"),
    StockChange.REMOVED: _l("Taken off the list"),
    StockChange.REPAIRED: _l("Repaired"),
}
