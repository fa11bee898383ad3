"""Posting an activity: everything on one page, or in elder mode one question a page."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.activities.photos.actions import find_photo
from center.kernel.access import signed_in
from center.kernel.db import transaction
from center.kernel.errors import DomainError
from center.kernel.i18n import is_elder
from center.signups.posting.actions import find_posted
from center.signups.posting.plans import Preview
from center.web.activities.forms import refuse_all
from center.web.activities.pages import written_for
from center.web.activities.photo_forms import MOST_SENT
from center.web.blueprints import posting as blueprint
from center.web.bookings.series_forms import choices_in
from center.web.browser_rights import accepts_file
from center.web.sending import form_page, go_on
from center.web.workspace import copying, planning
from center.web.workspace.steps import SAVED, PostingSteps


@blueprint.route("/workspace/organisations/<slug>/new", methods=["GET", "POST"])
@signed_in
@accepts_file(MOST_SENT)
def new(slug: str) -> ResponseReturnValue:
    """Post an activity: write it, see every date, save it as a draft that holds its rooms."""
    organisation = written_for(slug)
    if is_elder() and request.method == "GET":
        return PostingSteps(organisation).start()
    model = copying.find_model(organisation, request.form.get("copied_from") or request.args.get("copy", ""))
    form = copying.new_form(organisation, model)
    shown: Preview | None = None
    if form.validate_on_submit():
        try:
            if made := find_posted(organisation, by=current_user.person, request_key=form.request_key.data):
                return redirect(url_for("posting.manage", slug=made.slug), 303)
            is_final = request.form.get("stage") != "look"
            shown = planning.look(form, organisation, choices_in(request.form), is_final=is_final)
            if is_final:
                planning.refuse_open(shown)
                picture = form.drawn()
                with transaction():
                    activity = planning.save(form, organisation, shown, picture=picture, model=model)
                return go_on(str(SAVED), url_for("posting.manage", slug=activity.slug))
        except DomainError as error:
            refuse_all(form, error)
            plan = form.places()
            shown = planning.again(error, shown, form, organisation, plan.people, plan.made_of.added_up)
    photo = find_photo(model.id) if model else None
    return form_page(
        "workspace/posting/new.html", form, organisation=organisation, shown=shown, copied=model, photo=photo
    )


@blueprint.route("/workspace/organisations/<slug>/new/<step>", methods=["GET", "POST"])
@signed_in
def new_step(slug: str, step: str) -> ResponseReturnValue:
    """One question about a new activity, and in the end everything once more."""
    return PostingSteps(written_for(slug)).answer(step)
