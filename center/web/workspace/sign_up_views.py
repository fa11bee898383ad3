"""One sign-up for whoever leads the activity: removed, or moved to another date, with a reason for the person."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import SelectField

from center.kernel import clock
from center.kernel.access import signed_in
from center.kernel.access_log import Kind
from center.kernel.i18n import format_span
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.signups import by_lead, messages, news
from center.signups.models import Roster, SignUp
from center.signups.queries import counts_of
from center.signups.roster_state import read
from center.web.activities.pages import decided_sign_up
from center.web.blueprints import posting as blueprint
from center.web.forms import BaseForm, text_field
from center.web.people import looks
from center.web.sending import form_page, go_on, is_done


class RemoveForm(BaseForm):
    """Why somebody loses their place."""

    reason = text_field(_l("Reason"), most=200, hint=_l("The person will read this."))


class MoveForm(RemoveForm):
    """The same, and where to."""

    to = SelectField(_l("Another date"), coerce=int)

    def offer(self, rosters: list[tuple[int, str]]) -> None:
        """The dates to choose among."""
        self.to.choices = rosters


@blueprint.route("/workspace/sign-ups/<reference>/remove", methods=["GET", "POST"])
@signed_in
def remove_sign_up(reference: str) -> ResponseReturnValue:
    """Take somebody off a roster."""
    sign_up, form = _looked_at(reference), RemoveForm()
    act = lambda: by_lead.remove(sign_up, reason=form.reason.data, by=current_user.person, now=clock.now())  # noqa: E731
    if is_done(form, act):
        return go_on(
            _("%(name)s no longer has a place. They read your reason.", name=sign_up.person.name), _back(sign_up)
        )
    return _page("workspace/remove_sign_up.html", form, sign_up, news.CANCELLED_BY_STAFF)


@blueprint.route("/workspace/sign-ups/<reference>/move", methods=["GET", "POST"])
@signed_in
def move_sign_up(reference: str) -> ResponseReturnValue:
    """Give somebody a place at another date instead."""
    sign_up, form, now = _looked_at(reference), MoveForm(), clock.now()
    dates = by_lead.other_dates(sign_up, now=now)
    left = counts_of([each.id for each in dates])
    form.offer([(each.id, _said(each, left[each.id].capacity - left[each.id].taken)) for each in dates])

    def move() -> object:
        to = next(each for each in dates if each.id == form.to.data)
        return by_lead.move(sign_up, to, reason=form.reason.data, by=current_user.person, now=now)

    if is_done(form, move):
        return go_on(
            _("%(name)s has a place at the other date. They are told.", name=sign_up.person.name), _back(sign_up)
        )
    return _page("workspace/move_sign_up.html", form, sign_up, news.MOVED_BY_LEAD, dates=dates)


def _looked_at(reference: str) -> SignUp:
    sign_up = decided_sign_up(reference)
    looks.see(Kind.ROLL, [sign_up.person], subject=sign_up.roster.activity.title)
    return sign_up


def _said(roster: Roster, left: int) -> str:
    ahead = read(roster).next_session(clock.now())
    when = format_span(ahead.starts_at, ahead.ends_at) if ahead else ""
    return _("%(when)s · %(left)s places left", when=when, left=left)


def _back(sign_up: SignUp) -> str:
    return url_for("posting.roster", slug=sign_up.roster.activity.slug, roster_id=sign_up.roster_id)


def _page(
    template: str, form: BaseForm, sign_up: SignUp, kind: Any, dates: Sequence[Roster] = ()
) -> ResponseReturnValue:
    return form_page(
        template,
        form,
        sign_up=sign_up,
        activity=sign_up.roster.activity,
        reached=messages.how_told([sign_up], kind, now=clock.now()),
        back=_back(sign_up),
        dates=dates,
    )
