"""A lead writes to those who signed up for a date, who are missing, or who came; what it comes to is shown before."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.activities.models import Activity, Session
from center.attendance import announcing
from center.attendance.announcing import MOST_A_DAY, MOST_LETTERS, To
from center.kernel import clock
from center.kernel.access import signed_in
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import ngettext
from center.notices.telling import HowTold
from center.web.activities.pages import decided, session_of
from center.web.blueprints import posting as blueprint
from center.web.forms import CreatingForm, long_text_field
from center.web.rendering import render
from center.web.sending import go_on, result_of

NAMES = {
    To.EVERYBODY: _l("Everybody on the list"),
    To.MISSING: _l("Who is missing"),
    To.CAME: _l("Who came"),
}


class MessageForm(CreatingForm):
    """What a lead tells them."""

    words = long_text_field(
        _l("Your message"),
        most=MOST_LETTERS,
        required=True,
        hint=_l("Everybody reads it, or hears it on the phone: nothing about anybody's health or home."),
    )


@dataclass(frozen=True, kw_only=True)
class MessagePage:
    """What is written, to whom, and how it reaches them."""

    activity: Activity
    session: Session
    form: MessageForm
    to: To
    groups: Sequence[tuple[To, object, int]]
    reached: HowTold
    left: int  # how many more may be sent today


@blueprint.route("/workspace/activities/<slug>/sessions/<id:date_id>/message", methods=["GET", "POST"])
@signed_in
def write_message(slug: str, date_id: int) -> ResponseReturnValue:
    """Write to those of a date, each reached by their own way."""
    activity, now = decided(slug), clock.now()
    session, form = session_of(activity, date_id), MessageForm()
    groups = announcing.audiences(session, now=now)
    to = next((each for each in groups if each.value == request.args.get("to")), To.EVERYBODY)
    here = url_for("posting.manage", slug=slug)

    def write() -> int:
        return announcing.write(session, to, form.words.data, by=current_user.person, now=now)

    told = result_of(form, write, then=here)
    if told is not None:
        return go_on(ngettext("%(num)d person is told.", "%(num)d people are told.", told), here)
    page = MessagePage(
        activity=activity,
        session=session,
        form=form,
        to=to,
        groups=[(each, NAMES[each], len(lines)) for each, lines in groups.items()],
        reached=announcing.how_told(groups[to], now=now),
        left=MOST_A_DAY - announcing.written_on(activity, now=now),
    )
    return render("workspace/message.html", page), form.status
