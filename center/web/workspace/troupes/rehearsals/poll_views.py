"""Polls for a date for those who lead: asking, entering answers for others, and making one of the times a session."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import DateField
from wtforms.validators import InputRequired

from center.bookings.places import Place
from center.bookings.rulebook.availability import rules_of
from center.bookings.rulebook.times import grid
from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.access_log import Kind
from center.kernel.errors import RuleBroken
from center.kernel.i18n import centre_zone, format_clock, format_minutes
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.spans import span_of
from center.rooms.models import Room
from center.troupes.models.seasons import Season
from center.troupes.models.troupes import Troupe, TroupeMember
from center.troupes.rehearsals import actions, planning, polls, queries
from center.troupes.rehearsals.poll_models import DatePoll, PollState, VotedBy
from center.troupes.rehearsals.polls import Tally
from center.web.blueprints import troupes as blueprint
from center.web.bookings.forms import coerce_clock
from center.web.forms import BaseForm, CreatingForm, text_field
from center.web.people import looks
from center.web.rendering import render
from center.web.sending import did, form_page, go_on, is_done, result_of
from center.web.troupes.poll_form import VotesForm, answer_page
from center.web.troupes.rehearsal_words import WORDS, Words
from center.web.workspace.troupes.rehearsals.forms import LENGTHS, USUAL_LENGTH
from center.web.workspace.troupes.rehearsals.views import get

ROWS = 5


class PollForm(CreatingForm):
    """What the poll is about, until when it is answered; the dates stand in rows of their own."""

    title = text_field(
        _l("What the date is for"), most=80, hint=_l("For example: dress rehearsal, extra drum practice.")
    )
    note = text_field(_l("A line to the members"), most=300, required=False)
    closes_on = DateField(
        _l("Answers until the end of"), validators=[InputRequired(_l("Please choose a day, such as 2026-11-24."))]
    )

    def places(self, rooms: Sequence[Room]) -> list[Place]:
        """The dates of the rows that are filled in; raises RuleBroken for one that is not whole."""
        found = []
        by_code = {room.code: room for room in rooms}
        for n in range(ROWS):
            on = request.form.get(f"on-{n}", "").strip()
            if not on:
                continue
            try:
                day = date.fromisoformat(on)
                start = coerce_clock(request.form.get(f"start-{n}", ""))
                minutes = int(request.form.get(f"minutes-{n}", ""))
                room = by_code[request.form.get(f"room-{n}", "")]
            except (ValueError, KeyError):
                start = None
            if start is None or not 15 <= minutes <= 720:
                raise RuleBroken(_("Date %(number)s is not filled in whole.", number=n + 1), field="dates")
            found.append(Place(room, span_of(day, start, minutes, centre_zone())))
        return found


@dataclass(frozen=True, kw_only=True)
class NewPollPage:
    """A new poll, with a row for each date."""

    troupe: Troupe
    season: Season
    form: PollForm
    rows: Sequence[dict[str, str]]
    rooms: Sequence[tuple[str, str]]
    starts: Sequence[tuple[str, str]]
    lengths: Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class PollPage:
    """A poll with what everybody said to each of its times."""

    troupe: Troupe
    season: Season
    poll: DatePoll
    tallies: Sequence[Tally]
    members: Sequence[TroupeMember]
    answered: Collection[int]
    free: Collection[int]
    best_id: int | None  # the best of those that are free
    is_open: bool
    may_decide: bool
    words: Words = field(default_factory=lambda: WORDS)


@blueprint.route("/workspace/troupes/<slug>/seasons/<id:season_id>/polls/new", methods=["GET", "POST"])
@signed_in
def new_poll(slug: str, season_id: int) -> ResponseReturnValue:
    """Ask the members of a season which of a few dates suits them."""
    season, now, form = get(slug, season_id), clock.now(), PollForm()
    rooms = planning.rooms_for(season.troupe, actions.expected_of(season))

    def ask() -> DatePoll:
        closes_at = datetime.combine(form.closes_on.data, time(23, 59), centre_zone())
        return polls.ask(
            season,
            form.places(rooms),
            title=form.title.data,
            note=form.note.data or "",
            closes_at=closes_at,
            by=current_user.person,
            now=now,
            request_key=form.request_key.data[:36],
        )

    if made := result_of(form, ask, then=_page_of):
        return go_on(_("The members are asked."), _page_of(made))
    starts = sorted({start for room in rooms for start in grid(room, rules_of(room), None)})
    page = NewPollPage(
        troupe=season.troupe,
        season=season,
        form=form,
        rows=[_row(n, rooms) for n in range(ROWS)],
        rooms=[(room.code, room.full_name) for room in rooms],
        starts=[(each.strftime("%H:%M"), format_clock(each)) for each in starts],
        lengths=[(str(each), format_minutes(each)) for each in LENGTHS],
    )
    return render("workspace/troupes/rehearsals/new_poll.html", page), form.status


@blueprint.get("/workspace/troupes/<slug>/seasons/<id:season_id>/polls/<id:poll_id>")
@signed_in
def poll(slug: str, season_id: int, poll_id: int) -> ResponseReturnValue:
    """What everybody said to each date of a poll, the best first, and whether its room is still free."""
    season, now = get(slug, season_id), clock.now()
    found = polls.get_poll(poll_id, [season.id])
    members = queries.coming_of(season)
    looks.see(Kind.ROLL, [each.person for each in members], subject=season.troupe.name)
    tallies = polls.tallies(found)
    may_decide = found.state is PollState.OPEN
    free = polls.free_options(found, by=current_user.person, now=now) if may_decide else set()
    page = PollPage(
        troupe=season.troupe,
        season=season,
        poll=found,
        tallies=tallies,
        members=members,
        answered={member_id for each in tallies for member_id in each.votes},
        free=free,
        best_id=next((each.option.id for each in tallies if each.option.id in free), None),
        is_open=found.is_open_at(now),
        may_decide=may_decide,
    )
    return render("workspace/troupes/rehearsals/poll.html", page)


@blueprint.post("/workspace/troupes/<slug>/seasons/<id:season_id>/polls/<id:poll_id>/decide/<id:option_id>")
@signed_in
def decide_poll(slug: str, season_id: int, poll_id: int, option_id: int) -> ResponseReturnValue:
    """Make one of the dates a rehearsal, in one press."""
    season = get(slug, season_id)
    found = polls.get_poll(poll_id, [season.id])
    option = next((each for each in found.options if each.id == option_id), None)
    authorise(option is not None)
    assert option is not None
    done = did(
        lambda: polls.decide(found, option, by=current_user.person, now=clock.now()),
        _("It is decided: the rehearsal is planned, and the members are told."),
    )
    return redirect(_list_of(season) if done else _page_of(found), 303)


@blueprint.post("/workspace/troupes/<slug>/seasons/<id:season_id>/polls/<id:poll_id>/call-off")
@signed_in
def call_off_poll(slug: str, season_id: int, poll_id: int) -> ResponseReturnValue:
    """Ask no more."""
    season = get(slug, season_id)
    found = polls.get_poll(poll_id, [season.id])
    did(lambda: polls.call_off(found, by=current_user.person, now=clock.now()), _("The poll is called off."))
    return redirect(_page_of(found), 303)


@blueprint.route(
    "/workspace/troupes/<slug>/seasons/<id:season_id>/polls/<id:poll_id>/members/<id:member_id>",
    methods=["GET", "POST"],
)
@signed_in
def enter_poll_answer(slug: str, season_id: int, poll_id: int, member_id: int) -> ResponseReturnValue:
    """Enter what a member without a phone said; it is marked as entered by a leader."""
    season, now, form = get(slug, season_id), clock.now(), VotesForm()
    found, member = polls.get_poll(poll_id, [season.id]), _member(season, member_id)
    looks.see(Kind.ROLL, [member.person], subject=season.troupe.name)
    act = lambda: polls.answer(  # noqa: E731
        found, member, form.votes_to(found), how=VotedBy.LEAD, by=current_user.person, now=now
    )
    if is_done(form, act):
        return go_on(_("Entered for %(name)s.", name=member.person.name), _page_of(found))
    page = answer_page(found, member, form, now=now, action_back=_page_of(found))
    return render("workspace/troupes/rehearsals/enter_answer.html", page), form.status


@blueprint.get("/workspace/troupes/<slug>/seasons/<id:season_id>/polls/<id:poll_id>/links")
@signed_in
def poll_links(slug: str, season_id: int, poll_id: int) -> ResponseReturnValue:
    """A link for each member, by which they answer without signing in: to send on, or to print."""
    season = get(slug, season_id)
    found, members = polls.get_poll(poll_id, [season.id]), queries.coming_of(season)
    looks.see(Kind.ROLL, [each.person for each in members], subject=season.troupe.name)
    links = [
        (each, url_for("troupes.answer_poll_by_link", answer_link=polls.link_for(found, each), _external=True))
        for each in members
    ]
    return form_page(
        "workspace/troupes/rehearsals/links.html", BaseForm(), troupe=season.troupe, season=season, poll=found,
        links=links,
    )  # fmt: skip


def _member(season: Season, member_id: int) -> TroupeMember:
    member = next((each for each in queries.coming_of(season) if each.id == member_id), None)
    authorise(member is not None)
    assert member is not None
    return member


def _row(n: int, rooms: Sequence[Room]) -> dict[str, str]:
    """What stands in a row of the form: what was typed, else an ordinary length and the first room."""
    usual = {"on": "", "start": "", "minutes": str(USUAL_LENGTH), "room": rooms[0].code if rooms else ""}
    return {name: request.form.get(f"{name}-{n}", value) for name, value in usual.items()}


def _page_of(found: DatePoll) -> str:
    return url_for("troupes.poll", slug=found.season.troupe.slug, season_id=found.season_id, poll_id=found.id)


def _list_of(season: Season) -> str:
    return url_for("troupes.rehearsals", slug=season.troupe.slug, season_id=season.id)
