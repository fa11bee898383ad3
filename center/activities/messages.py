"""What an organisation's leads and the staff are told of an activity. Sign-ups tell those who come."""

import enum
from datetime import datetime

from center.activities.models import Activity


class News(enum.StrEnum):
    """What there is to tell of an activity."""

    CANCELLED_BY_STAFF = "activity.cancelled_by_staff"  # to the leads: staff cancelled it, with the reason
    PUBLISHED = "activity.published"  # to the leads: staff agreed, it is public now
    RETURNED = "activity.returned"  # to the leads: staff ask for changes, with the reason; edit and submit again
    SUBMITTED = "activity.submitted"  # to staff: an activity waits for review


def tell(activity: Activity, news: News, *, now: datetime, reason: str = "") -> None:
    """Tell the leads or the staff, in the transaction of the change itself."""
