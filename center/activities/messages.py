"""What an organisation's leads and the staff are told of an activity. Sign-ups tell those who come."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from center.activities import news
from center.activities.models import Activity, Session
from center.activities.words import say_when
from center.bookings.rulebook.deciding import TAKEN_BACK_WITHIN
from center.kernel.i18n import format_span, in_language, local_date
from center.kernel.site import path_to
from center.notices import outbox
from center.notices.kinds import Kind, reason_facts, say_desk
from center.organisations.queries import leads_of
from center.people.models import Person

DECIDED = frozenset({news.CHANGE_ACCEPTED, news.CHANGE_RETURNED, news.PUBLISHED, news.RETURNED})


def tell(
    activity: Activity,
    kind: Kind,
    *,
    now: datetime,
    reason: str = "",
    also: Person | None = None,
    only: Collection[int] | None = None,
) -> None:
    """Tell the leads, or `only` some (by id), and staff whose turn it is, in the transaction of the change itself.

    What staff decided stays in the house for as long as it can be taken back.
    """
    facts = {**facts_of(activity, now=now), **reason_facts(reason)}
    once = f"{now:%Y%m%dT%H%M%S%fZ}"
    if kind is news.SUBMITTED:
        tell_staff_it_waits(activity, key=f"{about(activity)}:waits:{once}", now=now)
    leads = leads_of(activity.organisation_id, on=local_date(now))
    not_before = now + TAKEN_BACK_WITHIN if kind in DECIDED else None
    for lead in [*leads, *([also] if also is not None and also.id not in {each.id for each in leads} else [])]:
        if only is None or lead.id in only:
            outbox.tell(
                lead, kind, key=f"{about(activity)}:{kind.name}:{once}:{lead.id}", facts=facts,
                about=about(activity), path=_page(activity), not_before=not_before, now=now,
            )  # fmt: skip


def tell_staff_it_waits(activity: Activity, *, key: str, now: datetime) -> None:
    """Tell staff that an activity, or a change of one, waits for them."""
    facts, path = facts_of(activity, now=now), _page(activity)
    outbox.tell_staff(news.WAITS, key=key, facts=facts, about=about(activity), path=path, now=now)


def tell_room_shut(session: Session, *, now: datetime, reason: str) -> None:
    """Tell the leads that a session's room is shut to others around it, and that it stays unless they change it."""
    activity, room = session.activity, session.room
    assert room is not None
    facts = {
        **facts_of(activity, now=now),
        "when": lambda: format_span(session.starts_at, session.ends_at),
        "room": lambda: room.full_name,
        **reason_facts(reason),
    }
    for lead in leads_of(activity.organisation_id, on=local_date(now)):
        outbox.tell(
            lead, news.ROOM_SHUT, key=f"session:{session.id}:room_shut:{now:%Y%m%dT%H%M%S%fZ}:{lead.id}", facts=facts,
            about=f"session:{session.id}", path=_page(activity), until=session.starts_at, now=now,
        )  # fmt: skip


def about(activity: Activity) -> str:
    """How the outbox names this activity."""
    return f"activity:{activity.id}"


def facts_of(activity: Activity, *, now: datetime) -> Mapping[str, Any]:
    """What the words of every kind may say of an activity, each said in the reader's language."""
    return {
        "title": lambda: in_language(activity.title, activity.title_en),
        "organisation": lambda: in_language(activity.organisation.name, activity.organisation.name_en),
        "when": lambda: say_when([each for each in activity.sessions if each.is_scheduled], now=now),
        "desk": say_desk,
    }


def _page(activity: Activity) -> str:
    return path_to("activities.show", slug=activity.slug)
