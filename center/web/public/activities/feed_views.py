"""Calendars of activities and their dates, and the news of which are new."""

import hashlib

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.activities.calendars import feed_of, sessions_of
from center.activities.models import Activity
from center.bookings.calendars.feeds import Feed
from center.kernel.access import authorise, public
from center.kernel.i18n import gettext as _
from center.kernel.i18n import in_language, language, use_asked_language
from center.organisations.queries import get_organisation
from center.web.blueprints import activities
from center.web.calendar_answers import PUBLIC_SECONDS, calendar_answer, calendar_name
from center.web.public.activities.news_feed import atom, newest
from center.web.qr import qr_code
from center.web.sign_ups.pages import visible


@activities.get("/activities/<slug>/calendar.ics")
@public
def calendar(slug: str) -> ResponseReturnValue:
    """All dates of an activity as a calendar; those called off are marked so."""
    use_asked_language()
    activity = visible(slug)
    feed = feed_of(sessions_of(activity), address_of=page_address) or Feed((), activity.changed_at)
    return calendar_answer(feed, _named(activity), is_public=activity.is_public)


@activities.get("/activities/<slug>/dates/<id:date_id>/calendar.ics")
@public
def date_calendar(slug: str, date_id: int) -> ResponseReturnValue:
    """One date of an activity as a calendar file."""
    use_asked_language()
    activity = visible(slug)
    feed = feed_of((row for row in sessions_of(activity) if row.id == date_id), address_of=page_address)
    authorise(feed is not None)
    assert feed is not None
    return calendar_answer(feed, _named(activity), is_public=activity.is_public)


@activities.get("/activities/<slug>/subscribe")
@public
def subscribe(slug: str) -> ResponseReturnValue:
    """How to have an activity's dates in one's own calendar."""
    activity = visible(slug)
    address = url_for("activities.calendar", slug=slug, lang=language(), _external=True)
    lead = _("Dates that are added, moved or called off follow by themselves.")
    back = url_for("activities.show", slug=slug)
    return subscribe_page(in_language(activity.title, activity.title_en), address, back, lead=lead)


@activities.get("/activities.atom")
@public
def news() -> ResponseReturnValue:
    """What is new: the activities published last."""
    use_asked_language()
    return _atom_answer(atom(newest(), title=calendar_name(_("New activities")), page=_list_address()))


@activities.get("/organisations/<slug>/activities.atom")
@public
def organisation_news(slug: str) -> ResponseReturnValue:
    """What is new of one organisation."""
    use_asked_language()
    organisation = get_organisation(slug)
    name = in_language(organisation.name, organisation.name_en)
    page = url_for("organisations.show", slug=slug, _external=True)
    title = calendar_name(_("New activities of %(name)s", name=name))
    return _atom_answer(atom(newest(organisation.id), title=title, page=page))


def subscribe_page(name: str, address: str, back: str, *, lead: str = "", full: str = "") -> ResponseReturnValue:
    """How to have a calendar in one's own program."""
    qr = qr_code(request.base_url, is_sized=False)  # a phone comes to this page, where its button is
    return render_template(
        "public/timetable/subscribe.html", name=name, address=address, back=back, qr=qr, lead=lead, full=full
    )


def page_address(slug: str) -> str:
    """The whole address of an activity's page."""
    return url_for("activities.show", slug=slug, _external=True)


def _list_address() -> str:
    return url_for("activities.index", _external=True)


def _named(activity: Activity) -> str:
    return calendar_name(in_language(activity.title, activity.title_en))


def _atom_answer(file: bytes) -> Response:
    response = Response(file, mimetype="application/atom+xml")
    shared = not current_user.is_authenticated
    response.headers["Cache-Control"] = f"public, max-age={PUBLIC_SECONDS}" if shared else "private, no-cache"
    response.set_etag(hashlib.sha256(file).hexdigest()[:32])
    response.make_conditional(request)
    return response
