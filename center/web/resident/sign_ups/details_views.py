"""Changing what was said, and passing a place on."""

from datetime import datetime
from functools import partial
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.db import transaction
from center.kernel.i18n import gettext as _
from center.kernel.i18n import local_date
from center.people.acting import people_acted_for
from center.people.models import Person
from center.signups import policy
from center.signups.answers import asked_on, facts_of_form
from center.signups.details import editing, transfers
from center.signups.details.editing import part
from center.signups.models import Channel, SignUp
from center.signups.roster_state import RosterState, read
from center.web.blueprints import signups as blueprint
from center.web.sending import form_page, go_on, is_done, result_of
from center.web.sign_ups.forms import DetailsForm, asking, values_of
from center.web.sign_ups.pages import changeable


@blueprint.route("/sign-ups/<reference>/wishes", methods=["GET", "POST"])
@signed_in
def wishes(reference: str) -> ResponseReturnValue:
    """Want something else, or answer anew."""
    sign_up = changeable(reference)
    roster_state = read(sign_up.roster)
    editing.refuse_unless_editable(sign_up, roster_state, now=clock.now())
    person = sign_up.person
    form = asking(DetailsForm, [person], asked_on(roster_state))(data=values_of(sign_up))
    form.show(facts_of_form(roster_state), anew=lambda: facts_of_form(read(sign_up.roster)))
    given = {"by": current_user.person, "now": clock.now(), "channel": _channel(), "seen": form.seen_stamp}
    if not form.changed and is_done(form, lambda: editing.change_details(sign_up, form.wanted(person.id), **given)):
        return go_on(_("Saved."), url_for("signups.show_sign_up", reference=reference))
    return form_page("resident/signups/details.html", form, sign_up=sign_up, person=person)


@blueprint.route("/sign-ups/<reference>/pass-on", methods=["GET", "POST"])
@signed_in
def pass_on(reference: str) -> ResponseReturnValue:
    """Let somebody else of the family have the place: first who, then what they wish."""
    sign_up, now = changeable(reference), clock.now()
    as_staff = sign_up.person_id not in {each.id for each in _own_people()}
    roster_state = read(sign_up.roster)
    if request.method == "GET":
        transfers.refuse_where_it_stays(sign_up, roster_state, now=now)
    found = transfers.takers(sign_up, by=current_user.person, as_staff=as_staff, now=now)
    to = next((each for each in found if str(each.id) == request.values.get("to")), None)
    authorise(to is not None or not request.values.get("to"))
    form = asking(DetailsForm, [to] if to else [], asked_on(roster_state))()
    form.show(facts_of_form(roster_state), anew=lambda: facts_of_form(read(sign_up.roster)))
    channel = Channel.DESK if as_staff else Channel.ONLINE
    given = {"by": current_user.person, "as_staff": as_staff, "now": now, "channel": channel, "seen": form.seen_stamp}

    def hand_over(taker: Person) -> str:
        return transfers.pass_on(sign_up, form.wanted(taker.id), **given).reference

    if to and not form.changed and (made := result_of(form, partial(hand_over, to))):
        return go_on(_("It is passed on. Both hear of it."), url_for("signups.show_sign_up", reference=made))
    return form_page("resident/signups/pass_on.html", form, sign_up=sign_up, found=found, to=to)


@blueprint.post("/sign-ups/<reference>/one-by-one")
@signed_in
def come_apart(reference: str) -> ResponseReturnValue:
    """Who were to stay together come one by one; nobody loses their number."""
    sign_up = changeable(reference)
    with transaction():
        part(sign_up, by=current_user.person, now=clock.now())
    return go_on(
        _("You come one by one now. Each of you keeps their number."),
        url_for("signups.show_sign_up", reference=reference),
    )


def _own_people() -> list[Any]:
    return [each.person for each in people_acted_for(current_user.person, on=local_date(clock.now()))]


def _channel() -> Channel:
    return Channel.DESK if policy.may_sign_up_anyone(current_user) else Channel.ONLINE


def may_pass_on(sign_up: SignUp, roster_state: RosterState, *, now: datetime) -> bool:
    """Whether there is somebody to whom the place can go."""
    if transfers.why_stays(sign_up, roster_state, None, now=now):
        return False
    as_staff = sign_up.person_id not in {each.id for each in _own_people()}
    return bool(transfers.takers(sign_up, by=current_user.person, as_staff=as_staff, now=now))
