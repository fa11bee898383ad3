"""The troupes, the page of one, and the calendar of what it invites everybody to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import and_, not_

from center.activities.calendars import feed_of, public_sessions
from center.activities.models import Activity, Session
from center.bookings.calendars.feeds import Feed
from center.kernel import clock
from center.kernel.access import public
from center.kernel.caching.fragment_cache import page_until_written
from center.kernel.i18n import centre_zone, in_language, language, local_date, use_asked_language
from center.kernel.i18n import gettext as _
from center.signups.public.cards import Card
from center.troupes import dates, queries
from center.troupes.models.seasons import Season
from center.troupes.models.troupes import Troupe, TroupePart
from center.troupes.performances.public import Shown, shown_of
from center.troupes.policy import TroupeRights
from center.troupes.repertoire.queries import pieces_of
from center.troupes.seasons.queries import seasons_on
from center.web.blueprints import troupes as blueprint
from center.web.calendar_answers import calendar_answer, calendar_name
from center.web.public.activities.feed_views import page_address, subscribe_page
from center.web.public.activities.listing import coming_where
from center.web.rendering import render
from center.web.troupes.pages import may_end, rights_in
from center.web.troupes.words import WORDS, Words

FEED_BACK = timedelta(days=366)  # a troupe's calendar also says what it performed in the year that is over


@dataclass(frozen=True, kw_only=True)
class TroupePage:
    """What everybody may read of a troupe."""

    troupe: Troupe
    rights: TroupeRights
    parts: Sequence[TroupePart]
    count: int
    season: Season | None
    pieces: int
    shows: Shown
    coming: Sequence[Card]
    rehearsals: Sequence[Card]
    may_end: bool
    words: Words = field(default_factory=lambda: WORDS)


@blueprint.get("/troupes")
@public
def index() -> ResponseReturnValue:
    """All troupes, and how many are in each."""
    troupes = queries.live_troupes()
    counts: Mapping[int, int] = queries.head_counts([each.id for each in troupes])
    return render_template(
        "public/troupes/index.html", troupes=troupes, ended=queries.ended_troupes(), counts=counts, words=WORDS
    )


@blueprint.get("/troupes/<slug>")
@public
def show(slug: str) -> ResponseReturnValue:
    """What a troupe is, what it plays and when it can be seen, and how one joins."""
    return page_until_written(lambda: render("public/troupes/show.html", _page_of(slug)))


def _page_of(slug: str) -> TroupePage:
    troupe, now = queries.get_troupe(slug), clock.now()
    shows = shown_of(troupe.id, now=now)
    others = and_(dates.are_of(troupe.id), Session.id.not_in(shows.session_ids))
    are_rehearsals = dates.are_rehearsals_of(troupe.id)
    return TroupePage(
        troupe=troupe,
        rights=rights_in(troupe),
        parts=queries.parts_of(troupe.id),
        count=queries.head_counts([troupe.id]).get(troupe.id, 0),
        season=next(iter(seasons_on(troupe.id, local_date(now))), None),
        pieces=len(pieces_of(troupe.id)),
        shows=shows,
        coming=coming_where(and_(others, not_(are_rehearsals)), now=now),
        rehearsals=coming_where(are_rehearsals, now=now),
        may_end=may_end(troupe),
    )


@blueprint.get("/troupes/<slug>/calendar.ics")
@public
def calendar(slug: str) -> ResponseReturnValue:
    """The dates of a troupe to which everybody is invited, as a calendar."""
    use_asked_language()
    troupe, now = queries.get_troupe(slug), clock.now()
    rows = public_sessions(dates.are_of(troupe.id), Activity.is_confined.is_(False), now=now, back=FEED_BACK)
    began = datetime.combine(troupe.started_on, time(0), centre_zone())
    feed = feed_of(rows, address_of=page_address) or Feed((), began)
    return calendar_answer(feed, calendar_name(in_language(troupe.name, troupe.name_en)), is_public=True)


@blueprint.get("/troupes/<slug>/subscribe")
@public
def subscribe(slug: str) -> ResponseReturnValue:
    """How to have a troupe's dates in one's own calendar."""
    troupe = queries.get_troupe(slug)
    address = url_for("troupes.calendar", slug=slug, lang=language(), _external=True)
    lead = _("Performances that are added, moved or called off follow by themselves.")
    back = url_for("troupes.show", slug=slug)
    return subscribe_page(in_language(troupe.name, troupe.name_en), address, back, lead=lead)
