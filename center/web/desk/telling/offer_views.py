"""Answering the offer of a place for whoever was rung up."""

from collections.abc import Callable, Iterable
from functools import partial

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.access import Permission, authorise, may, requires
from center.kernel.i18n import gettext as _
from center.kernel.sealed import seal
from center.notices import actions as notice_actions
from center.notices import queries as notice_queries
from center.notices.models import BY_HAND, Delivery, Way
from center.signups import news, offers, policy, queries
from center.signups.answers import facts_of_date
from center.signups.messages import about
from center.signups.models import Channel, SignUp
from center.signups.roster_state import read
from center.web.blueprints import signups as blueprint
from center.web.sending import did
from center.web.sign_ups.pages import what_was_read


@blueprint.post("/desk/to-tell/<id:delivery_id>/takes-it")
@requires(Permission.SIGN_UP_ANYONE)
def takes_it(delivery_id: int) -> ResponseReturnValue:
    """Rung up, they take the place."""
    seen, still_holds = what_was_read(_offered(notice_queries.get_delivery(delivery_id)))
    if not still_holds:
        return redirect(url_for("notices.calls"), 303)
    return _answered(delivery_id, partial(offers.accept_offer, seen=seen), _("They have the place."))


@blueprint.post("/desk/to-tell/<id:delivery_id>/does-without")
@requires(Permission.SIGN_UP_ANYONE)
def does_without(delivery_id: int) -> ResponseReturnValue:
    """Rung up, they do without it."""
    return _answered(delivery_id, offers.turn_down, _("The place goes to the next."))


@blueprint.post("/desk/sign-ups/<reference>/take")
@requires(Permission.SIGN_UP_ANYONE)
def take_for(reference: str) -> ResponseReturnValue:
    """They stand at the desk and take the place that is offered."""
    sign_up = _changeable(reference)
    seen, still_holds = what_was_read(sign_up)
    if still_holds:
        _answered_here(sign_up, partial(offers.accept_offer, seen=seen), _("They have the place."))
    return redirect(url_for("desk.person", person_id=sign_up.person_id, done=1), 303)


@blueprint.post("/desk/sign-ups/<reference>/leave")
@requires(Permission.SIGN_UP_ANYONE)
def leave_for(reference: str) -> ResponseReturnValue:
    """They stand at the desk and do without it."""
    sign_up = _changeable(reference)
    _answered_here(sign_up, offers.turn_down, _("The place goes to the next."))
    return redirect(url_for("desk.person", person_id=sign_up.person_id, done=1), 303)


def offer_seals(deliveries: Iterable[Delivery]) -> dict[int, str]:
    """What is told of each place that these calls and slips offer, as the button carries it; by the delivery's id."""
    if not may(Permission.SIGN_UP_ANYONE):
        return {}
    offered = [(each.id, _offered(each)) for each in deliveries if each.notice.kind == news.OFFERED.code]
    rosters = {sign_up.roster_id: sign_up.roster for _id, sign_up in offered}
    seals = {roster_id: seal(facts_of_date(read(roster))) for roster_id, roster in rosters.items()}
    return {delivery_id: seals[sign_up.roster_id] for delivery_id, sign_up in offered}


def _answered(delivery_id: int, act: Callable[..., None], said: str) -> ResponseReturnValue:
    """Tick the call off and do what they said, both or neither; twice is once."""
    delivery = notice_queries.get_delivery(delivery_id)
    sign_up, now = _offered(delivery), clock.now()
    channel = Channel.PHONE if delivery.way is Way.CALL else Channel.DESK

    def answer() -> None:
        notice_actions.tick_off(delivery, by=current_user.person, now=now)
        if delivery.notice.person is not None:
            offers.check_answer(sign_up, delivery.notice.person, now=now)
        act(sign_up, by=current_user.person, now=now, channel=channel)

    did(answer, said)
    return redirect(url_for("notices.calls"), 303)


def _answered_here(sign_up: SignUp, act: Callable[..., None], said: str) -> None:
    """Do what they said, and tick off what was still to be told of the offer; both or neither."""
    now, by = clock.now(), current_user.person

    def answer() -> None:
        for each in notice_queries.to_tell_at_the_desk(sign_up.person_id, now=now):
            if each.notice.kind == news.OFFERED.code and each.notice.about == about(sign_up):
                notice_actions.tick_off(each, by=by, now=now)
        act(sign_up, by=by, now=now, channel=Channel.DESK)

    did(answer, said)


def _changeable(reference: str) -> SignUp:
    sign_up = queries.get_sign_up(reference)
    authorise(policy.may_change(sign_up, current_user, ()))
    return sign_up


def _offered(delivery: Delivery) -> SignUp:
    """The sign-up that a call or slip offers a place of; anything else is a 404."""
    notice = delivery.notice
    authorise(delivery.way in BY_HAND and notice.kind == news.OFFERED.code)
    return queries.get_sign_up(notice.about.partition(":")[2])
