"""What the demonstration shows of words and helpers: one message in the centre's own words, one helper, one "no"."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from center.notices.models import ContactPreference, OwnWords, Preferred
from center.people.models import Consent, Delegation, DelegationScope
from center.reminders.words import SESSION_TOMORROW

DAYS = 120
REMINDER = (
    "明天见：{title}，{when}",
    "{name}，您好：\n\n明天有活动“{title}”，我们等您来。\n\n{who}\n时间：{when}\n地点：{where}\n{bring}\n\n"
    "路上慢慢走，要人接就打电话给服务台。来不了也请说一声，把名额让给邻居。{desk}\n\n报名编号：{reference}",
)


def show_words_and_helpers(session: Session, cast: Mapping[str, int], *, now: datetime, zone: ZoneInfo) -> None:
    """The director has written a warmer reminder; a parent lets the grid worker act for her; one wants no messages."""
    subject, body = REMINDER
    session.add(
        OwnWords(
            kind=SESSION_TOMORROW.code,
            language="zh",
            subject=subject,
            body=body,
            changed_at=now - timedelta(days=9),
            changed_by_id=cast["director"],
        )
    )
    today = now.astimezone(zone).date()
    session.add(
        Delegation(
            person_id=cast["resident"],
            delegate_id=cast["grid"],
            scope=DelegationScope.SIGN_UPS,
            starts_on=today - timedelta(days=3),
            ends_on=today + timedelta(days=DAYS),
            consent=Consent.OWN_ACCOUNT,
            recorded_by_id=cast["resident"],
            recorded_at=now - timedelta(days=3),
        )
    )
    no = ContactPreference(person_id=cast["wheelchair"], preferred=Preferred.AUTOMATIC)
    no.changed_at, no.changed_by_id = now - timedelta(days=5), cast["clerk"]
    no.withdrawn_at = no.changed_at
    session.add(no)
    session.flush()
