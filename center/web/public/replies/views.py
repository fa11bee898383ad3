"""Whether one comes to a performance, answered by a link without signing in."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from center.kernel import clock
from center.kernel.access import public
from center.kernel.i18n import gettext as _
from center.people.masking import masked_name
from center.troupes.performances import queries, replies
from center.troupes.performances.reply_models import Reply, SaidBy
from center.troupes.performances.words import OWN_ANSWERS
from center.web.blueprints import troupes as blueprint
from center.web.sending import go_on, is_done
from center.web.troupes.performance_words import PLAYS
from center.web.troupes.reply_form import OwnReplyForm

PRIVATE = {"Cache-Control": "private, no-store"}


@blueprint.route("/replies/<reply>", methods=["GET", "POST"], endpoint="reply")
@public
def answer_by_link(reply: str) -> ResponseReturnValue:
    """Three answers, and why. The page says of whom it is by the family name alone: a link may be in other hands."""
    now = clock.now()
    link = replies.get_link(reply, now=now)
    performance = queries.get_performance(link.member.troupe, link.performance_id)
    known = queries.replies_to(performance).get(link.member_id)
    form = OwnReplyForm(names=OWN_ANSWERS, data={"answer": known.answer.value} if known else None)

    def answer() -> Reply:
        said, reason = form.said(), form.reason.data or ""
        return replies.answer(performance, link.member, said, reason, how=SaidBy.LINK, by=None, now=now)

    if is_done(form, answer):
        return go_on(_("Thank you. You can change your answer by this link."), url_for("troupes.reply", reply=reply))
    page = render_template(
        "public/replies/reply.html",
        form=form,
        performance=performance,
        name=masked_name(link.member.person.name),
        known=known,
        plays=PLAYS,
    )
    return page, form.exact_status, PRIVATE
