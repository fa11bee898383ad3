"""What states of works and sale days are called."""

from center.kernel.i18n import lazy_gettext as _l
from center.troupes.models.works import SaleDayState, WorkState

WORK_STATES = {
    WorkState.REGISTERED: _l("In the catalogue"),
    WorkState.PENDING: _l("Waits for approval"),
    WorkState.ON_SALE: _l("On sale"),
    WorkState.RESERVED: _l("Reserved"),
    WorkState.SOLD: _l("Sold"),
    WorkState.WITHDRAWN: _l("Taken out"),
}
DAY_STATES = {
    SaleDayState.REQUESTED: _l("Waits for approval"),
    SaleDayState.APPROVED: _l("Approved"),
    SaleDayState.DECLINED: _l("Declined"),
    SaleDayState.WITHDRAWN: _l("Called off"),
}
