"""What the answers are called."""

from center.feedback.models import Following, Liking
from center.kernel.i18n import lazy_gettext as _l

LIKING_NAMES = {
    Liking.VERY_GOOD: _l("Very good"),
    Liking.GOOD: _l("Good"),
    Liking.SO_SO: _l("So-so"),
    Liking.NOT_GOOD: _l("Not good"),
}
FOLLOWING_NAMES = {
    Following.YES: _l("Yes, all of it"),
    Following.PARTLY: _l("Partly"),
    Following.NO: _l("Hardly"),
}
HOW_WAS_IT = _l("How was it?")
COULD_FOLLOW = _l("Could you see, hear and reach everything well?")
WHAT_TO_SAY = _l("What was good? What should be different?")
