"""The entrance: one scan, and the site knows which of today's sessions it is for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask.typing import ResponseReturnValue

from center.activities.models import Session
from center.attendance.answers import Answer
from center.attendance.codes import Code
from center.attendance.days import sessions_today
from center.attendance.duties import is_open
from center.attendance.entrance import Destination, destination
from center.attendance.models.devices import Device
from center.attendance.scans import ANSWERS, Asked, By, scan
from center.kernel import clock
from center.kernel.access import or_device, signed_in
from center.kernel.errors import DomainError
from center.kernel.i18n import format_clock, in_language
from center.people.masking import masked_name
from center.web.blueprints import checkin as blueprint
from center.web.browser_rights import accepts_little, check_in_page, sent_by_script
from center.web.checkin.forms import EntranceForm
from center.web.checkin.hands import hand_here, may_take
from center.web.checkin.session_views import Shown, shown_of
from center.web.device_cookie import this_device
from center.web.own_hosts import read_here
from center.web.rendering import render
from center.web.sending import tried


@dataclass(frozen=True)
class EntrancePage:
    """The page at an entrance: what was answered last, and what there is to choose from."""

    device: Device | None
    form: EntranceForm
    shown: Shown | None
    choice: Sequence[Session]
    open_now: Sequence[Session]


@blueprint.route("/checkin/entrance", methods=["GET", "POST"])
@or_device
@check_in_page
@accepts_little(8 * 1024)
@sent_by_script
@signed_in
def entrance() -> ResponseReturnValue:
    """Check in whoever shows a card or a number, wherever they have a place now."""
    now, form = clock.now(), EntranceForm()
    open_now = [each for each in sessions_today(now) if is_open(each, now) and may_take(each, now)]
    shown: Shown | None = None
    choice: Sequence[Session] = ()
    if form.validate_on_submit():
        code = read_here(form.code.data)
        found = destination(code, open_now)
        chosen = [each for each in found.sessions if str(each.id) == form.session_id.data] or found.sessions
        choice = chosen if len(chosen) > 1 else ()
        shown = _answer(code, found, chosen, now) if not choice else None
    page = EntrancePage(this_device(), form, shown, choice, open_now)
    return render("checkin/entrance.html", page), form.status if form.is_wrong else 200


def _answer(code: Code, found: Destination, chosen: Sequence[Session], now: datetime) -> Shown | None:
    """What is said of whoever comes to one session, or to none."""
    person, why = found.whose.person, found.whose.why
    if not chosen:
        name = masked_name(person.name) if person is not None else ""
        return Shown(ANSWERS[why] if why is not None else Answer.NOT_SIGNED_UP, name)
    [session] = chosen
    hand = hand_here()
    done = tried(lambda: scan(session, Asked(code=code), By(person=hand.by, device=hand.device, now=now)))
    if isinstance(done, DomainError):
        return Shown(Answer.NOT_ALLOWED, said=str(done))
    where_to = f"{format_clock(session.starts_at)} {in_language(session.activity.title, session.activity.title_en)}"
    return shown_of(done, now, where_to=where_to)
