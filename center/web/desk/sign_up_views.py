"""Signing somebody up at the desk or on the phone."""

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.activities.models import Session
from center.activities.queries import coming_sessions
from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.errors import Full
from center.kernel.i18n import gettext as _
from center.kernel.sealed import stamp
from center.people.acting import ActedFor, Ground
from center.people.models import Person
from center.signups import actions, queries, undoing
from center.signups.answers import asked_on, facts_of_form
from center.signups.details.overlaps import meanwhile
from center.signups.models import Channel, PoolKind, Roster, SignUp
from center.signups.places_left import Left, left_on
from center.signups.refusals import for_whom_each, kept_out
from center.signups.roster_state import read, read_each
from center.signups.sign_up_request import PlaceRequest, SignUpRequest
from center.web.activities.pages import not_confined
from center.web.blueprints import desk as blueprint
from center.web.desk import queries as desk_queries
from center.web.desk.forms import DeskDetailsForm, SignUpForm
from center.web.forms import BaseForm
from center.web.rendering import render
from center.web.sending import did, form_page, result_of
from center.web.sign_ups.forms import asking


@dataclass(frozen=True, kw_only=True)
class ComingPage:
    """What somebody could be signed up for at the desk."""

    person: Person
    form: SignUpForm
    sessions: Sequence[Session]
    rosters: Mapping[int, Roster]
    left: Mapping[int, Left]
    own: Mapping[int, SignUp]
    whom: Mapping[int, str]
    kept_out: Mapping[int, str]
    asks: Collection[int]
    desk_places: Collection[int]
    channel: Channel
    stamps: Mapping[int, str]
    must_wait: Collection[int]
    just_full: int | None  # the roster whose last place went between showing it and the press
    new_key: Callable[[], str]


@blueprint.route("/desk/people/<id:person_id>/sign-up", methods=["GET", "POST"])
@requires(Permission.SIGN_UP_ANYONE)
def sign_up_for(person_id: int) -> ResponseReturnValue:
    """What is coming, with the places left; one button signs the person up.

    Where the last place went meanwhile, it asks about the waiting list.
    """
    person, now = desk_queries.get_whole_person(person_id), clock.now()
    form = SignUpForm()

    def sign_up() -> str:
        wished = SignUpRequest(
            places=[PlaceRequest(person_id=person_id)],
            request_key=form.request_key.data,
            channel=Channel(form.channel.data),
            may_wait=bool(form.may_wait.data),
            seen=form.seen.data,
        )
        return _sign_up(queries.get_roster(form.roster_id.data), wished, now=now)

    if reference := result_of(form, sign_up):
        return redirect(url_for("signups.show_sign_up", reference=reference, new=1), 303)
    return _coming(desk_queries.get_whole_person(person_id) if form.refusal else person, form, now=now)


def _sign_up(roster: Roster, wished: SignUpRequest, *, now: datetime) -> str:
    group = actions.sign_up(roster, wished, by=current_user.person, as_staff=True, now=now)
    return group.sign_ups[0].reference


def has_gone(form: BaseForm, roster: Roster, person: Person) -> bool:
    """Whether the last place went since the page was shown, and they can wait: the page then asks."""
    if not isinstance(form.refusal, Full) or not roster.has_waiting_list:
        return False
    form.form_errors = [has_gone_words(person)]
    return True


def has_gone_words(person: Person) -> str:
    """That the last place went since the page was shown, and what can be done."""
    return _(
        "The last place has just gone, so nobody was signed up. Should %(name)s wait? Then press again.",
        name=person.name,
    )


def _coming(person: Person, form: SignUpForm, *, now: datetime) -> ResponseReturnValue:
    sessions = coming_sessions(now=now)
    rosters = once_each(sessions, queries.rosters_of_sessions(sessions))
    channel = channel_asked()
    roster_states = read_each({session: rosters[session.id] for session in sessions if session.id in rosters})
    own = {each.roster_id: each for each in queries.sign_ups_of([person.id], now=now)}
    left = left_on(roster_states, now=now, person=person, channel=channel)
    asked = next((each for each in rosters.values() if each.id == form.roster_id.data), None)
    just_full = asked.id if asked is not None and has_gone(form, asked, person) else None
    page = render(
        "desk/sign_up_for.html",
        ComingPage(
            person=person,
            form=form,
            sessions=[session for session in sessions if session.id in rosters],
            rosters=rosters,
            left=left,
            own=own,
            whom=for_whom_each(roster_states),
            kept_out=kept_out(roster_states, [ActedFor(person, Ground.STAFF)], now=now),
            asks=queries.asking_rosters({roster.id for roster in rosters.values()}),
            desk_places=queries.with_desk_places({roster.id for roster in rosters.values()}),
            channel=channel,
            stamps={key: stamp(facts_of_form(each)) for key, each in roster_states.items()},
            must_wait={key for key, each in left.items() if each.must_wait or key == just_full},
            just_full=just_full,
            new_key=lambda: str(uuid.uuid4()),
        ),
    )
    return page, form.status


@blueprint.route("/desk/people/<id:person_id>/sign-up/<id:roster_id>", methods=["GET", "POST"])
@requires(Permission.SIGN_UP_ANYONE)
def sign_up_with(person_id: int, roster_id: int) -> ResponseReturnValue:
    """The same with needs and answers, as the person would give them themselves."""
    person, roster, now = desk_queries.get_whole_person(person_id), queries.get_roster(roster_id), clock.now()
    not_confined(roster.activity)
    if request.method == "GET" and (signed := queries.live_sign_ups([roster_id], [person_id])):  # after Back
        return redirect(url_for("signups.show_sign_up", reference=signed[0].reference), 303)
    roster_state = read(roster)
    named = [pool for pool in roster_state.pools if pool.kind is PoolKind.NAMED]
    form = asking(DeskDetailsForm, [person], asked_on(roster_state))(channel=channel_asked())
    form.offer(named)
    form.show(facts_of_form(roster_state), anew=lambda: facts_of_form(read(roster)))

    def sign_up() -> str:
        wished = SignUpRequest(
            places=[replace(form.wanted(person_id), pool_id=form.pool_id.data if form.pool_id else None)],
            request_key=form.request_key.data or str(uuid.uuid4()),
            channel=Channel(form.channel.data),
            may_wait=bool(form.may_wait.data),
            seen=form.seen_stamp,
        )
        return _sign_up(roster, wished, now=now)

    if not form.changed and (reference := result_of(form, sign_up)):
        return redirect(_after(reference, roster_id), 303)
    if form.refusal:
        roster_state = read(roster)
    left = left_on({roster_id: roster_state}, now=now, person=person, channel=channel_asked())[roster_id]
    must_wait = has_gone(form, roster, person) or left.must_wait
    form.may_wait.data = "1" if must_wait else ""
    return form_page(
        "desk/sign_up_with.html",
        form,
        person=person,
        activity=roster_state.activity,
        roster_state=roster_state,
        left=left,
        must_wait=must_wait,
        has_desk_place=roster_id in queries.with_desk_places([roster_id]),
        overlaps=meanwhile([person], roster_state.sessions, but=roster, family=[person_id]),
    )


def _after(reference: str, roster_id: int) -> str:
    """Where the desk goes on: to the people of the activity it came from, or to the sign-up."""
    if request.args.get("back") == "activity":
        return url_for("desk.sign_up_people", roster_id=roster_id)
    return url_for("signups.show_sign_up", reference=reference, new=1)


@blueprint.post("/desk/sign-ups/<reference>/undo")
@requires(Permission.SIGN_UP_ANYONE)
def undo_sign_up(reference: str) -> ResponseReturnValue:
    """That was a slip of the hand: they are signed up no longer, and hear of it only where they had heard."""
    sign_up = queries.get_sign_up(reference)
    not_confined(sign_up.roster.activity)
    undo = lambda: undoing.undo(sign_up, by=current_user.person, now=clock.now())  # noqa: E731
    did(undo, _("Undone: %(name)s is not signed up.", name=sign_up.person.name))
    if request.form.get("back") == "activity":
        return redirect(url_for("desk.sign_up_people", roster_id=sign_up.roster_id), 303)
    return redirect(url_for("desk.person", person_id=sign_up.person_id), 303)


def channel_asked() -> Channel:
    """How the wish came: by phone where the address says so."""
    return Channel.PHONE if request.args.get("channel") == Channel.PHONE else Channel.DESK


def once_each(sessions: Sequence[Session], rosters: Mapping[int, Roster]) -> dict[int, Roster]:
    """The roster of each session; one for a whole course stands at its next session only."""
    seen: set[int] = set()
    chosen = {}
    for session in sessions:
        roster = rosters.get(session.id)
        if roster is not None and roster.id not in seen:
            seen.add(roster.id)
            chosen[session.id] = roster
    return chosen
