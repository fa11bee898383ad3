"""Who hears of rehearsals: those whom the season calls, but for whoever did it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from center.activities.models import Session
from center.kernel.i18n import format_moment, format_span, in_language, local_date, ngettext
from center.kernel.i18n import gettext as _
from center.kernel.site import path_to
from center.notices import outbox
from center.notices.kinds import Kind, say_desk
from center.organisations.queries import leads_of
from center.people.models import Person
from center.troupes.members.messages import leads_for
from center.troupes.models.seasons import Season
from center.troupes.rehearsals import news, queries
from center.troupes.rehearsals.models import Rehearsal
from center.troupes.rehearsals.poll_models import DatePoll

MOST_NAMED = 40


def tell_planned(season: Season, made: Sequence[Session], *, by: Person, now: datetime) -> None:
    """The members hear of all rehearsals of a term at once."""
    spans = [(each.starts_at, each.ends_at) for each in made[:MOST_NAMED]]
    number = len(made)
    facts = {
        "season": lambda: in_language(season.name, season.name_en),
        "planned": lambda: ngettext("%(num)d rehearsal is planned", "%(num)d rehearsals are planned", number),
        "dates": lambda: "\n".join(format_span(start, end) for start, end in spans),
    }
    _tell_all(season, news.PLANNED, f"{made[0].id}", facts, by=by, now=now)


def tell_added(rehearsal: Rehearsal, *, by: Person, now: datetime) -> None:
    """The members hear of one rehearsal that comes in addition, or takes place after all."""
    session, instead_of = rehearsal.session, rehearsal.makes_up_for
    assert session is not None
    room, starts_at, ends_at = session.room, session.starts_at, session.ends_at
    missed = (instead_of.starts_at, instead_of.ends_at) if instead_of else None
    facts = {
        "when": lambda: format_span(starts_at, ends_at),
        "room": lambda: room.full_name if room else "",
        "instead": lambda: _("It makes up for %(when)s.", when=format_span(*missed)) if missed else "",
    }
    _tell_all(rehearsal.season, news.ADDED, f"{session.id}", facts, by=by, now=now)


def tell_asked(poll: DatePoll, *, by: Person, now: datetime) -> None:
    """The members hear that a date is looked for."""
    spans = [(each.starts_at, each.ends_at) for each in poll.options]
    title, until = poll.title, poll.closes_at
    facts = {
        "title": title,
        "dates": lambda: "\n".join(format_span(start, end) for start, end in spans),
        "until": lambda: format_moment(until),
    }
    path = path_to("troupes.answer_poll", slug=poll.season.troupe.slug, poll_id=poll.id)
    _tell_all(poll.season, news.ASKED, f"poll:{poll.id}", facts, by=by, now=now, path=path)


def tell_hit(rehearsal: Rehearsal, why: Callable[[], str], *, now: datetime) -> None:
    """Those who lead the troupe, and its organisation, hear that a rehearsal lies in a holiday or closed time now."""
    season, session = rehearsal.season, rehearsal.session
    assert session is not None
    troupe, room = season.troupe, session.room
    facts = {
        "troupe": lambda: in_language(troupe.name, troupe.name_en),
        "when": lambda: format_span(session.starts_at, session.ends_at),
        "room": lambda: room.full_name if room else "",
        "why": why,
        "desk": say_desk,
    }
    path = path_to("troupes.hit_rehearsals", slug=troupe.slug, season_id=season.id)
    leads = [*leads_for(troupe, now), *leads_of(troupe.organisation_id, on=local_date(now))]
    for each in {person.id: person for person in leads}.values():
        key = f"session:{session.id}:hit:{now:%Y%m%dT%H%M%S%fZ}:{each.id}"
        said = facts | {"name": each.name}
        about = f"session:{session.id}"
        outbox.tell(each, news.HIT, key=key, facts=said, about=about, path=path, until=session.starts_at, now=now)


def _tell_all(
    season: Season, kind: Kind, key: str, facts: Mapping[str, Any], *, by: Person, now: datetime, path: str = ""
) -> None:
    troupe = season.troupe
    path = path or path_to("troupes.my_rehearsals", slug=troupe.slug)
    common = {"troupe": lambda: in_language(troupe.name, troupe.name_en), "desk": say_desk}
    for each in queries.coming_of(season):
        if each.person_id != by.id:
            said = {**facts, **common, "name": each.person.name}
            about = f"season:{season.id}"
            outbox.tell(
                each.person, kind, key=f"{about}:{kind.name}:{key}:{each.person_id}", facts=said, path=path,
                about=about, by=by, now=now,
            )  # fmt: skip
