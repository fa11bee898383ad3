"""What the staff of the incubator see of filings: what is late, what was filed, and their look at each."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.incubator.filings import actions, queries
from center.incubator.filings.queries import FilingLine
from center.incubator.models.filings import FilingState
from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.web.blueprints import desk as blueprint
from center.web.forms import BaseForm, text_field
from center.web.incubator.filing_words import FilingWords
from center.web.rendering import render
from center.web.sending import did, form_page, go_on, is_done


class ReturnForm(BaseForm):
    """What a filing lacks."""

    reason = text_field(_l("What is missing"), most=200, hint=_l("Its leads read it, and file it again."))


@dataclass(frozen=True, kw_only=True)
class DeskFilings:
    """What is late, what waits for the staff, and all else."""

    late: Sequence[FilingLine]
    waiting: Sequence[FilingLine]
    others: Sequence[FilingLine]
    words: FilingWords


@blueprint.get("/desk/incubator/filings", endpoint="filings")
@requires(Permission.RUN_INCUBATOR)
def list_filings() -> ResponseReturnValue:
    """The filings of all organisations in the incubator: what is late first."""
    found = queries.lines(local_date(clock.now()))
    late = [each for each in found if each.is_late]
    waiting = list({each.activity.id: each for each in reversed(found) if each.waits_for_staff}.values())[::-1]
    others = [each for each in found if not each.is_late and not each.waits_for_staff]
    page = DeskFilings(late=late, waiting=waiting, others=others, words=FilingWords())
    return render("desk/incubator/filings.html", page)


@blueprint.route("/desk/incubator/filings/<id:filing_id>", methods=["GET", "POST"])
@requires(Permission.RUN_INCUBATOR)
def filing(filing_id: int) -> ResponseReturnValue:
    """One filing, and giving it back with what is missing."""
    made, form = queries.get_filing(filing_id), ReturnForm()

    def give_back() -> None:
        reason = form.reason.data or ""
        actions.return_filing(made, reason=reason, by=current_user.person, now=clock.now())

    if is_done(form, give_back):
        return go_on(_("Returned. Its leads hear what is missing."), url_for("desk.filings"))
    whole = queries.whole_of(made.activity, local_date(clock.now()))
    waits = made.state is FilingState.FILED
    return form_page("desk/incubator/filing.html", form, filing=made, whole=whole, waits=waits, words=FilingWords())


@blueprint.post("/desk/incubator/filings/<id:filing_id>/seen")
@requires(Permission.RUN_INCUBATOR)
def see_filing(filing_id: int) -> ResponseReturnValue:
    """It is well as it was filed."""
    made = queries.get_filing(filing_id)
    did(lambda: actions.see_filing(made, by=current_user.person, now=clock.now()), _("Looked at."))
    return redirect(url_for("desk.filings"), 303)
