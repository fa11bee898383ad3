"""Signing several people up for one activity, one after the other: the activity first, then each by one search."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.activities.models import Session
from center.activities.queries import coming_sessions
from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.errors import DomainError, Full
from center.kernel.i18n import gettext as _
from center.kernel.sealed import stamp
from center.people.models import Person
from center.people.search_terms import names_a_door
from center.signups import actions, queries, undoing
from center.signups.answers import facts_of_form
from center.signups.models import Channel, Mode, Roster, SignUp, SignUpState
from center.signups.places_left import Left, left_on
from center.signups.refusals import for_whom_each
from center.signups.roster_state import RosterState, read, read_each
from center.signups.sign_up_request import PlaceRequest, SignUpRequest
from center.web.activities.pages import not_confined
from center.web.blueprints import desk as blueprint
from center.web.desk import queries as desk_queries
from center.web.desk.forms import SignUpPersonForm
from center.web.desk.sign_up_views import channel_asked, has_gone_words, once_each
from center.web.people import looks
from center.web.people.searching import Search, picked, search
from center.web.rendering import render
from center.web.sending import go_on, tried


@dataclass(frozen=True, kw_only=True)
class ActivitiesPage:
    """For which activities the desk can sign people up, the next date first."""

    sessions: Sequence[Session]
    rosters: Mapping[int, Roster]
    left: Mapping[int, Left]
    whom: Mapping[int, str]


@dataclass(frozen=True, kw_only=True)
class PeoplePage:
    """One activity, whom the search box means, and who was signed up just now."""

    roster_state: RosterState
    left: Left
    must_wait: bool
    search: Search
    found: Sequence[Person]
    own: Mapping[int, SignUp]  # who of them is on it already, by person
    just_made: Sequence[SignUp]
    asks: bool
    has_desk_place: bool
    channel: Channel
    stamp: str
    new_key: Callable[[], str]


@blueprint.get("/desk/sign-up")
@requires(Permission.SIGN_UP_ANYONE)
def sign_up_activities() -> ResponseReturnValue:
    """Which activity people are to be signed up for."""
    now, sessions = clock.now(), coming_sessions(now=clock.now())
    rosters = once_each(sessions, queries.rosters_of_sessions(sessions))
    open_to = {key: each for key, each in rosters.items() if each.mode is not Mode.WALK_IN}
    states = read_each({session: open_to[session.id] for session in sessions if session.id in open_to})
    page = ActivitiesPage(
        sessions=[session for session in sessions if session.id in open_to],
        rosters=open_to,
        left=left_on(states, now=now, channel=Channel.DESK),
        whom=for_whom_each(states),
    )
    return render("desk/sign_up_activities.html", page)


@blueprint.get("/desk/sign-up/<id:roster_id>")
@requires(Permission.SIGN_UP_ANYONE)
def sign_up_people(roster_id: int) -> ResponseReturnValue:
    """The search box, whom it means, and who was signed up just now; one key signs up, and the next is searched."""
    roster, now, channel = queries.get_roster(roster_id), clock.now(), channel_asked()
    not_confined(roster.activity)
    roster_state, asked, one = read(roster), search(), picked("person")
    found = [one] if one is not None else asked.found
    if names_a_door(asked.text):
        looks.see_doors(found)
    only = found[0] if len(found) == 1 else None
    left = left_on({roster_id: roster_state}, now=now, person=only, channel=channel)
    page = PeoplePage(
        roster_state=roster_state,
        left=left[roster_id],
        must_wait=left[roster_id].must_wait or "wait" in request.args,
        search=asked,
        found=found,
        own={each.person_id: each for each in queries.live_sign_ups([roster_id], [each.id for each in found])},
        just_made=undoing.just_made(current_user.person, now=now, roster_id=roster_id),
        asks=roster_id in queries.asking_rosters([roster_id]),
        has_desk_place=roster_id in queries.with_desk_places([roster_id]),
        channel=channel,
        stamp=stamp(facts_of_form(roster_state)),
        new_key=lambda: str(uuid.uuid4()),
    )
    return render("desk/sign_up_people.html", page)


@blueprint.post("/desk/sign-up/<id:roster_id>")
@requires(Permission.SIGN_UP_ANYONE)
def sign_up_one_more(roster_id: int) -> ResponseReturnValue:
    """Sign up whom the search found. Where the last place went meanwhile, the page asks about the waiting list."""
    roster, form = queries.get_roster(roster_id), SignUpPersonForm()
    not_confined(roster.activity)
    if not form.validate():
        flash(_("Please search the person again, and press the button beside their name."), "error")
        return redirect(url_for("desk.sign_up_people", roster_id=roster_id), 303)
    person = desk_queries.get_whole_person(form.person_id.data or 0)
    wished = SignUpRequest(
        places=[PlaceRequest(person_id=person.id)],
        request_key=form.request_key.data or "",
        channel=Channel(form.channel.data),
        may_wait=bool(form.may_wait.data),
        seen=form.seen.data,
    )
    sign_up = lambda: actions.sign_up(roster, wished, by=current_user.person, as_staff=True, now=clock.now())  # noqa: E731
    signed = tried(sign_up)
    channel = None if wished.channel is Channel.DESK else wished.channel.value
    to = partial(url_for, "desk.sign_up_people", roster_id=roster_id, channel=channel)
    if not isinstance(signed, DomainError):
        return go_on(_said(signed.sign_ups[0], person), to())
    may_wait = isinstance(signed, Full) and roster.has_waiting_list
    for each in [has_gone_words(person)] if may_wait else signed.every:
        flash(str(each), "error")
    return redirect(to(person=person.id, wait="1" if may_wait else None), 303)


def _said(sign_up: SignUp, person: Person) -> str:
    if sign_up.state is SignUpState.CONFIRMED:
        return _("%(name)s has a place.", name=person.name)
    if sign_up.state is SignUpState.WAITING:
        place = queries.place_in_queue(sign_up)
        return _("%(name)s is number %(place)s on the waiting list.", name=person.name, place=place)
    return _("%(name)s has asked for a place.", name=person.name)
