"""What is kept of children for how long, what guardians ask to delete, where they disagree: for the director alone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import SelectField
from wtforms.validators import DataRequired

from center.afterschool.models.retention import DeletedWhy, DeletionAsk, DeletionProof, Dispute
from center.afterschool.namesakes import called
from center.afterschool.queries import enrolled_children
from center.afterschool.records import disputes
from center.afterschool.retention import deletions, holds, periods
from center.afterschool.retention.periods import Period, say_days, say_period
from center.afterschool.retention_kinds import BY_CODE
from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.access_log import Kind
from center.kernel.errors import RuleBroken
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.people.erasing import actions as erasing
from center.people.erasing.actions import Obstacle
from center.web.blueprints import classroom as blueprint
from center.web.forms import BaseForm, CreatingForm, long_text_field, text_field
from center.web.people import looks
from center.web.rendering import render
from center.web.sending import did, is_done

WHY_DELETED = {DeletedWhy.ASKED: _l("A guardian asked"), DeletedWhy.TIME: _l("Its time was over")}


class DisputeForm(CreatingForm):
    """About whom guardians disagree, and about what."""

    child = SelectField(_l("Child"), validators=[DataRequired()])
    words = long_text_field(_l("What they disagree about"), most=2000, required=True)


class RefuseForm(BaseForm):
    """Why what a guardian asked is not done."""

    why = text_field(_l("Why not"), most=200, hint=_l("The guardian reads it."))


@dataclass(frozen=True, kw_only=True)
class KeepingPage:
    """How long what is kept, what waits for a decision, what was deleted, and who disagrees."""

    periods: Sequence[Period]
    asks: Sequence[DeletionAsk]
    obstacles: Mapping[int, Sequence[Obstacle]]
    proofs: Sequence[DeletionProof]
    why_deleted: Mapping[Any, Any]
    disputes: Sequence[Dispute]
    dispute_form: DisputeForm
    refuse_forms: Mapping[int, RefuseForm]
    titles: Mapping[str, Any]
    held: int  # of how many children something is kept beyond its time
    is_whole: bool  # each proof follows from the one before it
    say_days: Callable[[int], str] = say_days
    say_period: Callable[[Period], str] = say_period


@blueprint.route("/classroom/keeping", methods=["GET", "POST"])
@requires(Permission.RUN_AFTER_SCHOOL)
def keeping() -> ResponseReturnValue:
    """All of it, and noting a disagreement."""
    form, children = DisputeForm(), enrolled_children()
    form.child.choices = [("", _("Choose a child")), *((str(each.id), name) for each, name in called(children))]

    def write() -> Dispute:
        child = next((each for each in children if str(each.id) == form.child.data), None)
        if child is None:
            raise RuleBroken(_l("Choose a child."), field="child")
        return disputes.write(child, form.words.data or "", by=current_user.person, now=clock.now())

    back = url_for("classroom.keeping")
    if is_done(form, write, then=back):
        return redirect(back, 303)
    now, asks, noted = clock.now(), deletions.waiting(), disputes.all_open()
    looks.see(Kind.ROLL, children, subject=_("What is kept"), why="keeping")
    page = KeepingPage(
        periods=periods.all_now(),
        asks=asks,
        obstacles={each.id: erasing.what_stands_in_the_way(each.child, now=now) for each in asks},
        proofs=deletions.proofs(),
        why_deleted=WHY_DELETED,
        disputes=noted,
        dispute_form=form,
        refuse_forms={each.id: _refuse_form(each) for each in asks},
        titles={code: each.title for code, each in BY_CODE.items()},
        held=len(holds.all_open()),
        is_whole=deletions.find_broken() is None,
    )
    return render("classroom/keeping.html", page), form.status


@blueprint.post("/classroom/keeping/asks/<id:deletion_id>/delete")
@requires(Permission.RUN_AFTER_SCHOOL)
def grant_deletion(deletion_id: int) -> ResponseReturnValue:
    """Do what a guardian asked."""
    asked = deletions.get(deletion_id)
    did(
        lambda: deletions.grant(asked, by=current_user.person, now=clock.now()), _("Deleted. The guardian hears of it.")
    )
    return redirect(url_for("classroom.keeping"), 303)


@blueprint.post("/classroom/keeping/asks/<id:deletion_id>/refuse")
@requires(Permission.RUN_AFTER_SCHOOL)
def refuse_deletion(deletion_id: int) -> ResponseReturnValue:
    """Leave it as it is, with why."""
    asked = deletions.get(deletion_id)
    why = _refuse_form(asked).why.data or ""
    did(lambda: deletions.refuse(asked, why=why, by=current_user.person, now=clock.now()), _("The guardian hears why."))
    return redirect(url_for("classroom.keeping"), 303)


@blueprint.post("/classroom/keeping/disputes/<id:dispute_id>/settle")
@requires(Permission.RUN_AFTER_SCHOOL)
def settle_dispute(dispute_id: int) -> ResponseReturnValue:
    """They agree again, or a court has decided."""
    found = disputes.get(dispute_id)
    did(lambda: disputes.settle(found, by=current_user.person, now=clock.now()), _("Noted."))
    return redirect(url_for("classroom.keeping"), 303)


def _refuse_form(asked: DeletionAsk) -> RefuseForm:
    return RefuseForm(prefix=f"ask-{asked.id}")
