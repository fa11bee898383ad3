"""What search engines and chat programmes read of an activity: schema.org events, and text to pass on."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from markupsafe import Markup

from center.activities.models import Activity, ActivityState, Session, SessionState
from center.activities.photos.models import ActivityPhoto
from center.activities.words import fee_of, is_free, where
from center.kernel.i18n import centre, centre_zone, format_span, in_language, language, ngettext
from center.kernel.i18n import gettext as _
from center.signups.models import Mode, Roster
from center.signups.places_left import Left
from center.signups.words import kept_said, places_said, queue_said

SCHEMA = "https://schema.org"
MOST_DATES = 12  # of a series: further ones are on the page
_UNSAFE = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def json_ld(described: Mapping[str, Any]) -> Markup:
    """A block of data in a page, which browsers do not run; nothing in it can end it."""
    text = json.dumps(described, ensure_ascii=False, separators=(",", ":")).translate(_UNSAFE)
    return Markup('<script type="application/ld+json">{}</script>').format(Markup(text))  # noqa: S704  (escaped above)


def event_of(
    activity: Activity, *, rosters: Sequence[Roster], left: Mapping[int, Left], photo: ActivityPhoto | None
) -> dict[str, Any]:
    """An activity as schema.org says it: one event, or a series with its dates."""
    by_session = {roster.session_id: left.get(roster.id) for roster in rosters}
    dates = [_date(activity, each, by_session.get(each.id) or by_session.get(None)) for each in activity.sessions]
    shared = _shared(activity, photo)
    if len(dates) == 1:
        return {"@context": SCHEMA, **shared, **dates[0]}
    span = {"startDate": dates[0]["startDate"], "endDate": dates[-1]["endDate"]} if dates else {}
    ahead = [each for each, session in zip(dates, activity.sessions, strict=True) if session.is_scheduled] or dates
    series = [{**shared, **each} for each in ahead[:MOST_DATES]]
    return {"@context": SCHEMA, **shared, "@type": "EventSeries", **span, **_of_all(ahead), "subEvent": series}


def _of_all(dates: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What a series says itself: whether it takes place, and where, each place once."""
    if not dates:
        return {}
    off = f"{SCHEMA}/EventCancelled"
    status = off if all(each["eventStatus"] == off for each in dates) else f"{SCHEMA}/EventScheduled"
    places = [each["location"] for n, each in enumerate(dates) if each["location"] not in
              [before["location"] for before in dates[:n]]]  # fmt: skip
    return {"eventStatus": status, "location": places[0] if len(places) == 1 else places}


def share_text(activity: Activity, *, roster: Roster | None, left: Left | None, whom: str = "", now: datetime) -> str:
    """What to post in a chat group: what, for whom, when, where, how many places, and the address."""
    sessions = [each for each in activity.sessions if each.is_scheduled and each.ends_at > now]
    lines = [in_language(activity.title, activity.title_en), in_language(activity.summary, activity.summary_en)]
    if activity.state is ActivityState.CANCELLED:
        lines.append(_("This activity has been called off."))
    lines.append(whom)
    if sessions:
        first = sessions[0]
        more = len(sessions) - 1
        lines.append(_("When: %(when)s", when=format_span(first.starts_at, first.ends_at)))
        if more:
            lines.append(ngettext("and %(num)d more date", "and %(num)d more dates", more))
        lines.append(_("Where: %(where)s", where=_whole_place(first)))
    lines.append(_("Costs: %(fee)s", fee=fee_of(activity)))
    if sessions and roster is not None and left is not None:
        lines.append(_places(roster, left, sessions[0], now))
    if phone := centre().desk_phone:
        lines.append(_("You can also ring the desk: %(phone)s", phone=phone))
    return "\n".join([*filter(None, lines), address_of(activity)])


def _places(roster: Roster, left: Left, first: Session, now: datetime) -> str:
    """How many places there are, as whoever reads it can still ask for one."""
    if roster.mode is Mode.WALK_IN:
        return _("No sign-up: just come")
    if now >= (roster.closes_at or (roster.activity.sessions[0] if roster.session_id is None else first).starts_at):
        return _("Sign-up is over")
    if roster.mode is Mode.LOTTERY:
        return ngettext("%(num)d place is drawn by lot", "%(num)d places are drawn by lot", left.capacity)
    said = [places_said(left)[0], queue_said(left), kept_said(left)]
    if left.must_wait and not left.waiting and roster.has_waiting_list:
        said = [_("Full; there is a waiting list.")]
    return " · ".join(filter(None, said))


def address_of(activity: Activity) -> str:
    """The whole address of an activity's page."""
    return url_for("activities.show", slug=activity.slug, _external=True)


def _shared(activity: Activity, photo: ActivityPhoto | None) -> dict[str, Any]:
    organisation = activity.organisation
    said: dict[str, Any] = {
        "@type": "Event",
        "name": in_language(activity.title, activity.title_en),
        "description": in_language(activity.summary, activity.summary_en),
        "url": address_of(activity),
        "inLanguage": "zh-Hans" if language() == "zh" else "en",
        "eventAttendanceMode": f"{SCHEMA}/OfflineEventAttendanceMode",
        "isAccessibleForFree": is_free(activity.fee),
        "organizer": {
            "@type": "Organization",
            "name": in_language(organisation.name, organisation.name_en),
            "url": url_for("organisations.show", slug=organisation.slug, _external=True),
        },
    }
    if activity.age_from is not None or activity.age_to is not None:
        said["typicalAgeRange"] = f"{activity.age_from or 0}-{'' if activity.age_to is None else activity.age_to}"
    if photo is not None:
        said["image"] = [url_for("activities.photo", name=photo.name, size="large", _external=True)]
    return said


def _date(activity: Activity, session: Session, left: Left | None) -> dict[str, Any]:
    zone = centre_zone()
    said: dict[str, Any] = {
        "startDate": session.starts_at.astimezone(zone).isoformat(),
        "endDate": session.ends_at.astimezone(zone).isoformat(),
        "eventStatus": f"{SCHEMA}/EventScheduled",
        "location": _location(session),
    }
    if session.topic:
        said["name"] = f"{in_language(activity.title, activity.title_en)} · {session.topic}"
    if session.was_starts_at is not None:
        said["eventStatus"] = f"{SCHEMA}/EventRescheduled"
        said["previousStartDate"] = session.was_starts_at.astimezone(zone).isoformat()
    if session.state is SessionState.CANCELLED or activity.state is ActivityState.CANCELLED:
        said["eventStatus"] = f"{SCHEMA}/EventCancelled"
    elif left is not None:
        said |= {"maximumAttendeeCapacity": left.capacity, "remainingAttendeeCapacity": left.mine}
    return said


def _location(session: Session) -> dict[str, Any]:
    facts = centre()
    if session.room is None:
        return {"@type": "Place", "name": where(session), "address": where(session)}
    name, address = in_language(facts.name, facts.name_en), in_language(facts.address, facts.address_en)
    place = ", ".join(filter(None, [where(session), name]))
    return {"@type": "Place", "name": place, "address": address or name}


def _whole_place(session: Session) -> str:
    facts = centre()
    if session.room is None:
        return where(session)
    return " · ".join(filter(None, [in_language(facts.name, facts.name_en), where(session)]))
