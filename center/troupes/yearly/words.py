"""What is counted of a year, in words."""

from center.kernel.i18n import lazy_gettext as _l
from center.troupes.models.yearly import Counted

COUNTED_NAMES = {
    Counted.MEMBERS: _l("Members of the troupe"),
    Counted.ACTIVITIES: _l("Activities held"),
    Counted.BRAND_EVENTS: _l("Public events held"),
    Counted.HOURS: _l("Hours of activities"),
    Counted.PHOTOGRAPHS: _l("Photographs"),
}
COUNTED_HOW = {
    Counted.MEMBERS: _l(
        "Who is in the troupe on the last day of the year, or today; who rests counts, who is on trial does not."
    ),
    Counted.ACTIVITIES: _l("Dates of its seasons and performances that took place: over, and not called off."),
    Counted.BRAND_EVENTS: _l("Performances of the troupe that took place in public, and its sale days."),
    Counted.HOURS: _l("The length of these activities, added up, in whole hours."),
    Counted.PHOTOGRAPHS: _l("Photographs of its activities and of its works that the site keeps."),
}
