"""What the pages of sign-ups share: who may see and change which."""

from collections.abc import Collection
from datetime import datetime

from flask import flash, request
from flask_login import current_user

from center.activities import policy as activity_policy
from center.activities.models import Activity, Session
from center.activities.queries import get_activity
from center.kernel import clock
from center.kernel.access import authorise
from center.kernel.i18n import gettext as _
from center.kernel.i18n import local_date
from center.kernel.sealed import looked_at
from center.notices.models import Notice
from center.organisations.policy import MAY_WRITE, ids_where
from center.organisations.queries import roles_of
from center.people.acting import people_acted_for
from center.people.models import Person
from center.signups import offers, policy, queries
from center.signups.answers import facts_of_date
from center.signups.models import SignUp
from center.signups.roster_state import read
from center.signups.to_answer import ToAnswer, news_of, to_answer_by, to_look_at
from center.web.sending import did

PROGRAMME = "/after-school"  # where the places of confined activities are given


def visible(slug: str) -> Activity:
    """An activity that one may see; raises NotFound."""
    return may_be_seen(get_activity(slug))


def may_be_seen(activity: Activity) -> Activity:
    """An activity that one may see; raises NotFound where one may not."""
    authorise(activity.is_public or activity_policy.may_see(activity, current_user, led_ids()))
    return activity


def seen(reference: str) -> SignUp:
    """A sign-up that one may see; raises NotFound."""
    sign_up = queries.get_sign_up(reference)
    authorise(policy.may_see(sign_up, current_user, acted_for(), led_ids()))
    return sign_up


def changeable(reference: str) -> SignUp:
    """A sign-up that one may change; raises NotFound."""
    sign_up = queries.get_sign_up(reference)
    authorise(policy.may_change(sign_up, current_user, acted_for()))
    return sign_up


def acted_for() -> set[int]:
    """Whom the person signed in may act for today, themselves included."""
    return {each.person.id for each in people_acted_for(current_user.person, on=local_date(clock.now()))}


def led_ids() -> set[int]:
    """The organisations for which the person signed in writes."""
    if not current_user.is_authenticated:
        return set()
    return ids_where(roles_of(current_user.person_id, local_date(clock.now())), MAY_WRITE)


def what_was_read(sign_up: SignUp) -> tuple[str | None, bool]:
    """For a button that takes an offered place: what was read beside it, and whether that still holds.

    What has changed meanwhile is said.
    """
    seen, changed = looked_at(request.form.get("seen"), facts_of_date(read(sign_up.roster)))
    if changed:
        words = _("This has changed since you opened the page. Please look at it, and press again:")
        flash(f"{words} {changed}", "error")
    return seen, not changed


def take_place(sign_up: SignUp, *, by: Person) -> None:
    """Take the place that is offered, unless something has changed since the page with the button was opened."""
    seen, still_holds = what_was_read(sign_up)
    if not still_holds:
        return
    did(lambda: offers.accept_offer(sign_up, by=by, now=clock.now(), seen=seen), _("The place is yours."))


def turn_down_place(sign_up: SignUp, *, by: Person) -> None:
    """Do without the place that is offered."""
    turn_down = lambda: offers.turn_down(sign_up, by=by, now=clock.now())  # noqa: E731
    did(turn_down, _("Thank you for saying so. The place goes to the next."))


def to_know() -> tuple[list[ToAnswer], list[Notice]]:
    """What waits for an answer of whoever is signed in, and what they were told and have not opened."""
    if not current_user.is_authenticated:
        return [], []
    now = clock.now()
    there = to_look_at(current_user.person_id, now=now)
    asked = to_answer_by(current_user.person, acted_for(), now=now) if there.asks else []
    return asked, news_of(current_user.person_id, asked) if there.unread else []


def sign_ups_ahead(
    person_ids: Collection[int], *, with_confined: bool = False
) -> list[tuple[SignUp, int | None, Session | None]]:
    """What these people are signed up for, with their place in the queue and their next session."""
    now = clock.now()
    found = queries.sign_ups_of(person_ids, now=now, with_confined=with_confined)
    return [(each, queries.place_in_queue(each), _next_session(each, now)) for each in found]


def _next_session(sign_up: SignUp, now: datetime) -> Session | None:
    ahead = (each for each in sign_up.roster.sessions if each.is_scheduled and each.ends_at > now)
    return next(ahead, None)
