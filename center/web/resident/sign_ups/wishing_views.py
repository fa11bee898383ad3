"""Signing up with wishes, changing them, and passing a place on."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.activities.models import Activity
from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.db import transaction
from center.kernel.errors import DomainError
from center.kernel.i18n import gettext as _
from center.kernel.i18n import is_elder, local_date, ngettext
from center.kernel.shown import Outdated
from center.people.acting import ActedFor, Ground, people_acted_for
from center.signups import actions, policy, queries
from center.signups.answers import asked_on
from center.signups.left import left_on
from center.signups.models import Channel, Roster, SignUp, SignUpState
from center.signups.open_to import kept_out
from center.signups.shown import facts_of_form
from center.signups.standing import Standing, read, read_all
from center.signups.wishes import Divided, Refused, SignUpRequest
from center.signups.wishing import editing, parting, transfers
from center.signups.wishing.overlaps import meanwhile
from center.web.blueprints import signups as blueprint
from center.web.resident.sign_ups.steps import Steps
from center.web.sign_ups.forms import SignUpForm, WishesForm, asking, chosen_among, values_of
from center.web.sign_ups.pages import changeable, visible

FAMILY = frozenset({Ground.SELF, Ground.GUARDIAN, Ground.HOUSEHOLD})


@blueprint.route("/activities/<slug>/sign-up/<id:roster_id>", methods=["GET", "POST"])
@signed_in
def start(slug: str, roster_id: int) -> ResponseReturnValue:
    """Sign up: oneself, one's household and children, and neighbours who agreed to it; several at once.

    First who comes, where that is a question; then for each what the roster asks, one question a page in elder mode.
    """
    activity, roster = visible(slug), queries.get_roster(roster_id)
    authorise(roster.activity_id == activity.id)
    if not current_user.is_confirmed:
        return render_template("resident/signups/not_confirmed.html", activity=activity), 403
    found = people_acted_for(current_user.person, on=local_date(clock.now()))
    on_it = queries.live_sign_ups([roster.id], [each.person.id for each in found])
    sent = request.form.getlist("people")
    signed = {each.person_id for each in on_it if str(each.person_id) not in sent}
    everybody = [each.person for each in found if each.person.id not in signed]
    if request.method == "POST" and not everybody:  # the same form, sent twice
        everybody = [each.person for each in found]
    standing = read_all(activity, [roster])[roster.id]
    alone = everybody if len(everybody) == 1 else []
    if not everybody:
        flash(_("Everybody for whom you sign up is signed up already."), "info")
        return redirect(url_for("signups.show_sign_up", reference=on_it[0].reference), 303)
    if request.method == "GET" and (why := kept_out({roster.id: standing}, found, now=clock.now()).get(roster.id)):
        return render_template("resident/signups/not_open.html", activity=activity, why=why)
    if request.method == "GET":
        form = _form(alone, everybody, standing)
        form.compare(facts_of_form(standing))
        return _shown(activity, standing, found, form, is_choosing=not alone)
    chosen = alone or chosen_among(everybody, request.form)
    stage = request.form.get("stage", "")
    if stage == "who" and not alone:
        chooses = _form([], everybody, standing)
        is_known = chooses.validate() and bool(chosen)
        if not is_known and not chooses.is_wrong:
            chooses.people.errors = [*chooses.people.errors, _("Please choose who comes.")]
        form = _form(chosen, everybody, standing) if is_known else chooses
        form.compare(facts_of_form(standing))
        return _shown(activity, standing, found, form, is_choosing=not is_known)
    form = _form(chosen, everybody, standing)
    is_changed = form.compare(facts_of_form(standing))
    steps = Steps(form, is_on=is_elder())
    if not is_changed and stage == "step" and steps.has_more():
        return _shown(activity, standing, found, form, steps=steps)
    if not is_changed and form.validate():
        try:
            return _made(roster, form)
        except Divided as divided:
            return _divided(activity, roster, form, divided)
        except Refused as error:
            form.refuse_each(error.facts["refused"])
        except Outdated:
            form.compare(facts_of_form(read(roster)))
        except DomainError as error:
            form.refuse(error)
    steps.to_first_wrong()
    return _shown(activity, read(roster), found, form, steps=steps, is_choosing=not chosen)


@blueprint.route("/sign-ups/<reference>/wishes", methods=["GET", "POST"])
@signed_in
def wishes(reference: str) -> ResponseReturnValue:
    """Want something else, or answer anew."""
    sign_up = changeable(reference)
    standing = read(sign_up.roster)
    editing.refuse_unless_editable(sign_up, standing, now=clock.now())
    person = sign_up.person
    form = asking(WishesForm, [person], asked_on(standing))(data=values_of(sign_up))
    if not form.compare(facts_of_form(standing)) and form.validate_on_submit():
        given = {"by": current_user.person, "now": clock.now(), "channel": _channel(), "seen": form.seen_stamp}
        try:
            with transaction():
                editing.change_wishes(sign_up, form.wish(person.id), **given)
            flash(_("Saved."), "ok")
            return redirect(url_for("signups.show_sign_up", reference=reference), 303)
        except Outdated:
            form.compare(facts_of_form(read(sign_up.roster)))
        except Refused as error:
            form.refuse_each(error.facts["refused"])
        except DomainError as error:
            form.refuse(error)
    page = render_template("resident/signups/wishes.html", sign_up=sign_up, person=person, form=form)
    return page, form.status


@blueprint.route("/sign-ups/<reference>/pass-on", methods=["GET", "POST"])
@signed_in
def pass_on(reference: str) -> ResponseReturnValue:
    """Let somebody else of the family have the place: first who, then what they wish."""
    sign_up, now = changeable(reference), clock.now()
    as_staff = sign_up.person_id not in {each.id for each in _own_people()}
    standing = read(sign_up.roster)
    if request.method == "GET":
        transfers.refuse_where_it_stays(sign_up, standing, now=now)
    found = transfers.takers(sign_up, by=current_user.person, as_staff=as_staff, now=now)
    to = next((each for each in found if str(each.id) == request.values.get("to")), None)
    authorise(to is not None or not request.values.get("to"))
    form = asking(WishesForm, [to] if to else [], asked_on(standing))()
    if not form.compare(facts_of_form(standing)) and to is not None and form.validate_on_submit():
        try:
            with transaction():
                made = transfers.pass_on(
                    sign_up,
                    form.wish(to.id),
                    by=current_user.person,
                    as_staff=as_staff,
                    now=now,
                    channel=Channel.DESK if as_staff else Channel.ONLINE,
                    seen=form.seen_stamp,
                )
                new_reference = made.reference
            flash(_("It is passed on. Both hear of it."), "ok")
            return redirect(url_for("signups.show_sign_up", reference=new_reference), 303)
        except Outdated:
            form.compare(facts_of_form(read(sign_up.roster)))
        except Refused as error:
            form.refuse_each(error.facts["refused"])
        except DomainError as error:
            form.refuse(error)
    page = render_template("resident/signups/pass_on.html", sign_up=sign_up, found=found, to=to, form=form)
    return page, form.status


@blueprint.post("/sign-ups/<reference>/one-by-one")
@signed_in
def come_apart(reference: str) -> ResponseReturnValue:
    """Who were to stay together come one by one; nobody loses their number."""
    sign_up = changeable(reference)
    with transaction():
        parting.part(sign_up, by=current_user.person, now=clock.now())
    flash(_("You come one by one now. Each of you keeps their number."), "ok")
    return redirect(url_for("signups.show_sign_up", reference=reference), 303)


def _form(chosen: list[Any], everybody: list[Any], standing: Standing) -> SignUpForm:
    form = asking(SignUpForm, chosen, asked_on(standing), with_note=not is_elder())()
    form.offer(everybody)
    return form


def _shown(
    activity: Activity,
    standing: Standing,
    found: list[ActedFor],
    form: SignUpForm,
    *,
    steps: Steps | None = None,
    is_choosing: bool = False,
) -> ResponseReturnValue:
    roster: Roster = standing.roster
    people = list(form.people_asked) or [each.person for each in found]
    family = [each.person.id for each in found if each.ground in FAMILY]
    page = render_template(
        "resident/signups/choose.html" if is_choosing else "resident/signups/start.html",
        activity=activity,
        roster=roster,
        standing=standing,
        asked=asked_on(standing),
        form=form,
        steps=steps or Steps(form, is_on=is_elder()),
        overlaps=meanwhile(people, standing.sessions, but=roster, family=family),
        left=left_on({roster.id: standing}, now=clock.now(), person=people[0] if len(people) == 1 else None)[roster.id],
    )
    return page, form.status


def _made(roster: Roster, form: SignUpForm) -> ResponseReturnValue:
    split = request.form.get("split", "")
    together = split == "together" or form.stays_together.data
    wished = SignUpRequest(
        wishes=[form.wish(person.id) for person in form.people_asked],
        request_key=form.request_key.data or str(uuid.uuid4()),
        stays_together=together,
        seen=form.seen_stamp,
        asks_first=not together and split != "some",
    )
    with transaction():
        group = actions.sign_up(roster, wished, by=current_user.person, as_staff=False, now=clock.now())
        references = [each.reference for each in group.sign_ups]
        waiting = sum(each.state is SignUpState.WAITING for each in group.sign_ups)
    if len(references) == 1:
        return redirect(url_for("signups.show_sign_up", reference=references[0], new=1), 303)
    words = ngettext("%(num)d person is signed up.", "%(num)d people are signed up.", len(references))
    if waiting:
        words = _(
            "%(seated)s of you have a place, %(waiting)s wait.", seated=len(references) - waiting, waiting=waiting
        )
    flash(words, "ok")
    return redirect(url_for("bookings.mine"), 303)


def _divided(activity: Activity, roster: Roster, form: SignUpForm, divided: Divided) -> ResponseReturnValue:
    """Who can have a place and who cannot, and what to do; nobody is signed up yet, and nothing typed is lost."""
    left_out = {"csrf_token", "split"}
    page = render_template(
        "resident/signups/divided.html",
        activity=activity,
        names={each.id: each.name for each in form.people_asked},
        may_wait=roster.has_waiting_list,
        sent=[(name, value) for name, value in request.form.items(multi=True) if name not in left_out],
        **divided.facts,
    )
    return page, 409


def _own_people() -> list[Any]:
    return [each.person for each in people_acted_for(current_user.person, on=local_date(clock.now()))]


def _channel() -> Channel:
    return Channel.DESK if policy.may_sign_up_anyone(current_user) else Channel.ONLINE


def may_edit_wishes(sign_up: SignUp) -> bool:
    """Whether wishes and answers may still be changed, for templates."""
    return editing.may_edit(sign_up, read(sign_up.roster), now=clock.now())


def may_pass_on(sign_up: SignUp) -> bool:
    """Whether there is somebody to whom the place can go, for templates."""
    now = clock.now()
    if transfers.why_stays(sign_up, read(sign_up.roster), None, now=now):
        return False
    as_staff = sign_up.person_id not in {each.id for each in _own_people()}
    return bool(transfers.takers(sign_up, by=current_user.person, as_staff=as_staff, now=now))


blueprint.app_context_processor(lambda: {"may_edit_wishes": may_edit_wishes, "may_pass_on": may_pass_on})
