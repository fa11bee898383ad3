"""What calendars say of a session."""

from center.activities.messages import where
from center.activities.models import Session, SessionState
from center.bookings.calendars.writing import Entry, uid_of
from center.i18n import in_language


def entry_of(session: Session, *, address: str) -> Entry:
    """A session as everybody may read it; `address` is its activity's page."""
    activity = session.activity
    title = in_language(activity.title, activity.title_en)
    return Entry(
        uid=uid_of(f"session:{session.id}"),
        stamp=session.changed_at,
        sequence=session.sequence,
        status="CANCELLED" if session.state is SessionState.CANCELLED else "CONFIRMED",
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        summary=f"{title} · {session.topic}" if session.topic else title,
        location=where(session),
        description=in_language(activity.summary, activity.summary_en),
        address=address,
    )
