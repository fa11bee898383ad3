"""What waits of public activities: staff read it beside what is public, accept it or send it back."""

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.activities.change_requests import actions as proposing
from center.activities.change_requests.models import ChangeRequestState
from center.activities.change_requests.queries import get_proposal
from center.activities.photos.actions import find_photo
from center.kernel import clock
from center.kernel.access import Permission, authorise, requires
from center.kernel.i18n import gettext as _
from center.signups.posting import accepting
from center.web.activities import proposals
from center.web.blueprints import posting as blueprint
from center.web.desk.reviews.forms import ReturnForm
from center.web.desk.reviews.views import review_after, review_args
from center.web.sending import did, form_page, go_on, is_done


@blueprint.route("/desk/activities/changes/<id:proposal_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_ACTIVITIES)
def review_change(proposal_id: int) -> ResponseReturnValue:
    """What would change, beside what everybody reads now: accept it, or send it back with a reason."""
    proposal, form = get_proposal(proposal_id), ReturnForm()
    back = review_after(f"change-{proposal_id}")
    if is_done(form, lambda: proposing.send_back(proposal, reason=form.words, by=current_user.person, now=clock.now())):
        return go_on(_("It is returned. The organisation reads your reason."), back)
    return form_page(
        "desk/posting/review_change.html",
        form,
        proposal=proposal,
        activity=proposal.activity,
        found=proposals.was_is(proposal),
        photo=find_photo(proposal.activity_id),
        waits=proposal.state is ChangeRequestState.WAITING,
        args=review_args(),
    )


@blueprint.post("/desk/activities/changes/<id:proposal_id>/accept")
@requires(Permission.EDIT_ACTIVITIES)
def accept_change(proposal_id: int) -> ResponseReturnValue:
    """Let everybody see it, and go on to the next."""
    proposal = get_proposal(proposal_id, with_picture=True)
    back = review_after(f"change-{proposal_id}")
    if not did(
        lambda: accepting.accept(proposal, by=current_user.person, now=clock.now()),
        _("It is public now. Whoever must hear of it is told."),
    ):
        return redirect(url_for("posting.review_change", proposal_id=proposal_id, **review_args()), 303)
    return redirect(back, 303)


@blueprint.post("/desk/activities/changes/<id:proposal_id>/undo")
@requires(Permission.EDIT_ACTIVITIES)
def undo_change(proposal_id: int) -> ResponseReturnValue:
    """Let a change wait again that one accepted or sent back this minute."""
    proposal = get_proposal(proposal_id, with_picture=True)
    did(
        lambda: accepting.undo(proposal, by=current_user.person, now=clock.now()),
        _("Taken back: it waits for review again."),
    )
    return redirect(url_for("posting.review", _anchor=f"change-{proposal_id}", **review_args()), 303)


@blueprint.get("/desk/activities/changes/<id:proposal_id>/photo.jpg")
@requires(Permission.EDIT_ACTIVITIES)
def proposed_photo(proposal_id: int) -> ResponseReturnValue:
    """The photo that waits, for those who decide on it alone."""
    proposal = get_proposal(proposal_id, with_picture=True)
    authorise(proposal.state is ChangeRequestState.WAITING and proposal.large is not None)
    response = Response(proposal.large, mimetype="image/jpeg")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
