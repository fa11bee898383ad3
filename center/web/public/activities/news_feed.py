"""An Atom feed (RFC 4287) of the activities published last: activities in, bytes out."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

from flask import request, url_for
from sqlalchemy import func, select

from center.activities.calendars import IS_PUBLIC
from center.activities.models import Activity, ActivityState, Session, SessionState
from center.bookings.calendars.entries import uid_of
from center.kernel.db import db
from center.kernel.i18n import format_span, in_language, language
from center.kernel.i18n import gettext as _
from center.organisations.models import Organisation

MOST = 40
ATOM = "http://www.w3.org/2005/Atom"
NEVER = datetime(2000, 1, 1, tzinfo=UTC)  # when an empty feed changed
_NO_CONTROLS = {n: None for n in range(32) if chr(n) not in "\t\n\r"}


def newest(organisation_id: int | None = None) -> Sequence[Any]:
    """The activities published last (of one organisation), with the first of their dates."""
    first = select(func.min(Session.id)).where(
        Session.activity_id == Activity.id,
        Session.starts_at
        == select(func.min(Session.starts_at))
        .where(Session.activity_id == Activity.id, Session.state != SessionState.CANCELLED)
        .correlate(Activity)
        .scalar_subquery(),
    )
    query = (
        select(
            Activity.id,
            Activity.slug,
            Activity.title,
            Activity.title_en,
            Activity.summary,
            Activity.summary_en,
            Activity.state,
            Activity.published_at,
            Activity.changed_at,
            Organisation.name.label("organisation"),
            Organisation.name_en.label("organisation_en"),
            Session.starts_at,
            Session.ends_at,
        )
        .join(Organisation, Organisation.id == Activity.organisation_id)
        .outerjoin(Session, Session.id == first.correlate(Activity).scalar_subquery())
        .where(*IS_PUBLIC)
    )
    if organisation_id is not None:
        query = query.where(Activity.organisation_id == organisation_id)
    return db.session.execute(query.order_by(Activity.published_at.desc(), Activity.id.desc()).limit(MOST)).all()


def atom(rows: Sequence[Any], *, title: str, page: str) -> bytes:
    """The feed of these activities."""
    ElementTree.register_namespace("", ATOM)
    feed = ElementTree.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": _tongue()})
    _add(feed, "id", request.base_url)
    _add(feed, "title", title)
    _add(feed, "updated", _stamp(max((row.changed_at for row in rows), default=NEVER)))
    _add(feed, "link", rel="self", type="application/atom+xml", href=request.url)
    _add(feed, "link", rel="alternate", type="text/html", href=page)
    for row in rows:
        _entry(feed, row)
    return ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)


def _entry(feed: ElementTree.Element, row: Any) -> None:
    entry = ElementTree.SubElement(feed, f"{{{ATOM}}}entry")
    title = in_language(row.title, row.title_en)
    is_off = row.state is ActivityState.CANCELLED
    _add(entry, "id", f"urn:uuid:{uid_of(f'activity:{row.id}')}")
    _add(entry, "title", _("Called off: %(what)s", what=title) if is_off else title)
    _add(entry, "published", _stamp(row.published_at))
    _add(entry, "updated", _stamp(row.changed_at))
    author = ElementTree.SubElement(entry, f"{{{ATOM}}}author")
    _add(author, "name", in_language(row.organisation, row.organisation_en))
    _add(entry, "link", rel="alternate", href=url_for("activities.show", slug=row.slug, _external=True))
    when = format_span(row.starts_at, row.ends_at) if row.starts_at else ""
    summary = in_language(row.summary, row.summary_en)
    _add(entry, "summary", " · ".join(filter(None, [when, summary])) or title)


def _add(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> None:
    element = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    if text:
        element.text = text.translate(_NO_CONTROLS)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _tongue() -> str:
    return "zh-Hans" if language() == "zh" else "en"
