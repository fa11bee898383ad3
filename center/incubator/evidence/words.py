"""What the parts of a pack, its states and what it lacks are called."""

from center.incubator.evidence.rules import Lack
from center.incubator.models.evidence import PackState
from center.kernel.i18n import lazy_gettext as _l

PARTS = {
    "plan": _l("Plan"),
    "notice": _l("Notice"),
    "summary": _l("Summary"),
    "register": _l("Register of who came"),
    "pictures": _l("Photographs"),
    "feedback": _l("Feedback"),
    "spending": _l("Spending"),
    "self_evaluation": _l("Self-evaluation"),
}
LACKS = {
    Lack.SESSIONS: _l("Nothing was held in these days"),
    Lack.PLAN: _l("No plan: it was not filed, or says nothing about itself"),
    Lack.SUMMARY: _l("No summary"),
    Lack.REGISTER: _l("The register is not closed"),
    Lack.PICTURES: _l("No photograph"),
    Lack.FEEDBACK: _l("Fewer than five answers"),
    Lack.SPENDING: _l("Nothing is entered as spent"),
    Lack.RECEIPT: _l("No receipt"),
    Lack.SELF_EVALUATION: _l("No self-evaluation"),
}
STATES = {
    PackState.EXPIRED: (_l("Deleted"), "quiet"),
    PackState.FAILED: (_l("Could not be made"), "stop"),
    PackState.MAKING: (_l("Being made"), "wait"),
    PackState.READY: (_l("Ready"), "ok"),
    PackState.WAITING: (_l("Waits its turn"), "wait"),
}
