"""The rehearsals that call somebody: when and where they are, leave in two taps, and polls for a date."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.attendance.models import Status
from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.i18n import gettext as _
from center.kernel.i18n import local_date
from center.troupes.models.seasons import Season
from center.troupes.models.troupes import Troupe, TroupeMember
from center.troupes.rehearsals import leave, polls, queries
from center.troupes.rehearsals.models import Rehearsal
from center.troupes.rehearsals.poll_models import DatePoll, VotedBy
from center.web.blueprints import troupes as blueprint
from center.web.rendering import render
from center.web.sending import did, go_on, is_done
from center.web.troupes.pages import own_member
from center.web.troupes.poll_form import VotesForm, answer_page
from center.web.troupes.rehearsal_words import WORDS, Words


@dataclass(frozen=True, kw_only=True)
class OwnPage:
    """What is ahead for a member of a troupe."""

    troupe: Troupe
    member: TroupeMember
    ahead: Sequence[Rehearsal]
    skipped: Sequence[Rehearsal]
    statuses: Mapping[int, Status]  # of this member, by session
    references: Mapping[int, str]  # the sign-up of each season, whose calendar it is
    polls: Sequence[DatePoll]
    words: Words = field(default_factory=lambda: WORDS)


@blueprint.get("/me/troupes/<slug>/rehearsals")
@signed_in
def my_rehearsals(slug: str) -> ResponseReturnValue:
    """The rehearsals ahead that call me; I say of each whether I cannot come."""
    member, now = own_member(slug), clock.now()
    seasons = _seasons(member)
    found = [each for season in seasons for each in queries.rehearsals_of(season)]
    ahead = sorted(queries.ahead(found, now=now), key=lambda each: each.session.starts_at if each.session else now)
    statuses = queries.standings([each.session_id for each in ahead if each.session_id])
    places = {season.id: queries.place_of(season, member.person_id) for season in seasons}
    page = OwnPage(
        troupe=member.troupe,
        member=member,
        ahead=ahead,
        skipped=[each for each in found if not each.takes_place and each.ends_at > now],
        statuses={key: of[member.person_id] for key, of in statuses.items() if member.person_id in of},
        references={key: place.reference for key, place in places.items() if place},
        polls=polls.open_polls([season.id for season in seasons], now=now),
    )
    return render("resident/troupes/rehearsals.html", page)


@blueprint.post("/me/troupes/<slug>/rehearsals/<id:rehearsal_id>/cannot-come")
@signed_in
def cannot_come_to_rehearsal(slug: str, rehearsal_id: int) -> ResponseReturnValue:
    """I cannot come this time."""
    member, found = _own(slug, rehearsal_id)
    given = {"by": current_user.person, "now": clock.now()}
    did(lambda: leave.cannot_come(found, member, **given), _("Noted: you are on leave that day."))
    return redirect(url_for("troupes.my_rehearsals", slug=slug) + f"#rehearsal-{rehearsal_id}", 303)


@blueprint.post("/me/troupes/<slug>/rehearsals/<id:rehearsal_id>/can-come")
@signed_in
def can_come_to_rehearsal(slug: str, rehearsal_id: int) -> ResponseReturnValue:
    """I can come after all."""
    member, found = _own(slug, rehearsal_id)
    given = {"by": current_user.person, "now": clock.now()}
    did(lambda: leave.can_come(found, member, **given), _("Good: you are expected that day."))
    return redirect(url_for("troupes.my_rehearsals", slug=slug) + f"#rehearsal-{rehearsal_id}", 303)


@blueprint.route("/me/troupes/<slug>/polls/<id:poll_id>", methods=["GET", "POST"])
@signed_in
def answer_poll(slug: str, poll_id: int) -> ResponseReturnValue:
    """Say which dates suit me; I can say otherwise until it is decided."""
    member, now, form = own_member(slug), clock.now(), VotesForm()
    found = polls.get_poll(poll_id, [season.id for season in _seasons(member)])
    act = lambda: polls.answer(  # noqa: E731
        found, member, form.votes_to(found), how=VotedBy.ACCOUNT, by=current_user.person, now=now
    )
    if is_done(form, act):
        said = _("Thank you: your answer is kept. You can change it until it is decided.")
        return go_on(said, url_for("troupes.my_rehearsals", slug=slug))
    page = answer_page(found, member, form, now=now, action_back=url_for("troupes.my_rehearsals", slug=slug))
    return render("resident/troupes/poll.html", page), form.status


def _own(slug: str, rehearsal_id: int) -> tuple[TroupeMember, Rehearsal]:
    """One's own membership and a rehearsal that calls one; raises NotFound."""
    member = own_member(slug)
    found = [each for season in _seasons(member) for each in queries.rehearsals_of(season) if each.id == rehearsal_id]
    authorise(bool(found))
    return member, found[0]


def _seasons(member: TroupeMember) -> Sequence[Season]:
    """The seasons that are not over and call a member."""
    known = queries.seasons_now([member.troupe_id], local_date(clock.now()))
    return [season for season in known if queries.find_coming(season, member.person_id)]
