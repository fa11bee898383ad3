"""The forms that decline requests, with the reasons that lie ready for it."""

from center.kernel.i18n import lazy_gettext as _l
from center.kernel.texts import register
from center.web.ready_reasons import OneReasonForm, ReasonsForm

GROUP = "booking"
READY = register(
    GROUP,
    {
        "needed": _l("The centre needs the room itself at that time."),
        "repairs": _l("The room is being repaired at that time."),
        "too_many": _l("So many people are not safe in this room. Please ask for a larger one."),
        "noise": _l("It would be too loud for what is on next door. Please choose another room or time."),
        "purpose": _l("This use is not possible in this room. The front desk gladly finds another one with you."),
        "hours": _l("At that hour nobody can be there to open and close. Please choose another time."),
        "unclear": _l("We could not tell what it is for. Please ask again and write a little more."),
    },
)


class DeclineForm(ReasonsForm):
    """Why requests are declined, where it may be that none is."""

    group, sentences = GROUP, READY


class DeclineOneForm(OneReasonForm):
    """Why a request is declined."""

    group, sentences = GROUP, READY
