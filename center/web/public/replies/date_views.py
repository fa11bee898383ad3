"""Answering a poll for a date by a link, without signing in: the link is one member's, and names nobody else."""

from flask import url_for
from flask.typing import ResponseReturnValue

from center.kernel import clock
from center.kernel.access import public
from center.kernel.i18n import gettext as _
from center.people.masking import masked_name
from center.troupes.rehearsals import polls
from center.troupes.rehearsals.poll_models import VotedBy
from center.web.blueprints import troupes as blueprint
from center.web.rendering import render
from center.web.sending import go_on, is_done
from center.web.troupes.poll_form import VotesForm, answer_page


@blueprint.route("/replies/dates/<answer_link>", methods=["GET", "POST"])
@public
def answer_poll_by_link(answer_link: str) -> ResponseReturnValue:
    """Say which dates suit me, by the link that I was given."""
    (found, member), now, form = polls.behind(answer_link), clock.now(), VotesForm()
    act = lambda: polls.answer(found, member, form.votes_to(found), how=VotedBy.LINK, by=None, now=now)  # noqa: E731
    if is_done(form, act):
        said = _("Thank you: your answer is kept. You can change it until it is decided.")
        return go_on(said, url_for("troupes.answer_poll_by_link", answer_link=answer_link))
    page = answer_page(found, member, form, now=now, short_name=masked_name(member.person.name))
    return render("public/replies/dates.html", page), form.status
