"""What it means for a place if a guardian pauses it or gives it up, to be read out before it is done."""

from collections.abc import Sequence
from datetime import date, datetime

from center.afterschool.custody.ledger import now_holding
from center.afterschool.models.custody import WITH_US
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.places.states import WITH_PLACE, place_of
from center.afterschool.plans import day_plans
from center.kernel.i18n import format_day, local_date, ngettext
from center.kernel.i18n import gettext as _
from center.signups.models import SignUpState
from center.signups.queries import count_on

MOST_DAYS = 400  # more than any term has


def of_pause(enrolment: Enrolment, first: date, last: date | None) -> Sequence[str]:
    """What a pause comes to."""
    days = [
        each
        for each in day_plans.days_from(enrolment.term, first, most=MOST_DAYS)
        if last is None or each.on_date <= last
    ]
    when = _("From %(first)s until a guardian says otherwise.", first=format_day(first))
    if last is not None:
        when = _("From %(first)s to %(last)s, both included.", first=format_day(first), last=format_day(last))
    return [
        when,
        ngettext("One day of the programme lies in it.", "%(num)d days of the programme lie in it.", len(days)),
        _("The child is not expected on these days: nobody looks for them if they do not come."),
        _("The place stays the child's; it goes to nobody else."),
    ]


def of_leaving(enrolment: Enrolment, *, now: datetime) -> Sequence[str]:
    """What giving up a place, or the wait for one, comes to."""
    if place_of(enrolment, on=local_date(now), now=now) not in WITH_PLACE:
        return [
            _("The application ends at once."),
            _("They can ask again while enrolment is open, and are then last."),
        ]
    waiting = count_on([enrolment.sign_up.roster_id], SignUpState.WAITING).get(enrolment.sign_up.roster_id, 0)
    held = now_holding(enrolment.child_id)
    is_here = held is not None and held.holder in WITH_US
    return [
        _("The place ends at once. The child is not expected any more, from today on."),
        *([_("The child is with us now, and stays in our care until somebody collects them.")] if is_here else []),
        ngettext(
            "One child waits, who is offered the place.",
            "%(num)d children wait; the first is offered the place.",
            waiting,
        )
        if waiting
        else _("Nobody waits at the moment; the place is free for whoever asks next."),
        _("It cannot be taken back: they would have to ask for a place again, and wait."),
        _("What must be kept of past days stays; what was agreed to can be taken back apart from this."),
    ]
