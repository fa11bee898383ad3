"""The kinds of activities, as staff list them."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.activities import kinds
from center.kernel.access import Permission, requires
from center.kernel.db import transaction
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.web.blueprints import posting as blueprint
from center.web.editing import EditingForm, watch
from center.web.forms import CreatingForm, text_field
from center.web.sending import go_on
from center.web.settings.saving import save


class KindForm(EditingForm, CreatingForm):
    """What a kind of activity is called."""

    name = text_field(_l("Name"), most=40)
    name_en = text_field(_l("Name in English"), most=60, required=False)


@blueprint.route("/settings/activity-kinds", methods=["GET", "POST"])
@requires(Permission.EDIT_ACTIVITIES)
def edit_kinds() -> ResponseReturnValue:
    """The kinds of activities, and one more."""
    form = KindForm()
    return save(
        form,
        "settings/posting/kinds.html",
        lambda: kinds.add_kind(form.name.data, form.name_en.data or "", by=current_user.person),
        then=url_for("posting.edit_kinds"),
        makes=True,
        said=_("The kind is added."),
        kinds=kinds.all_kinds(with_retired=True),
    )


@blueprint.post("/settings/activity-kinds/usual")
@requires(Permission.EDIT_ACTIVITIES)
def enter_usual_kinds() -> ResponseReturnValue:
    """Begin with the usual kinds."""
    with transaction():
        kinds.enter_usual_kinds(by=current_user.person)
    return redirect(url_for("posting.edit_kinds"), 303)


@blueprint.route("/settings/activity-kinds/<id:kind_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_ACTIVITIES)
def edit_kind(kind_id: int) -> ResponseReturnValue:
    """Call a kind something else."""
    kind = kinds.get_kind(kind_id)
    form = watch(lambda **given: KindForm(data={"name": kind.name, "name_en": kind.name_en}, **given))
    rename = lambda: kinds.rename_kind(kind, form.name.data, form.name_en.data or "", by=current_user.person)  # noqa: E731
    return save(form, "settings/posting/kind.html", rename, then=url_for("posting.edit_kinds"), kind=kind)


@blueprint.post("/settings/activity-kinds/<id:kind_id>/retire")
@requires(Permission.EDIT_ACTIVITIES)
def retire_kind(kind_id: int) -> ResponseReturnValue:
    """No new activity is of this kind any more."""
    with transaction():
        kinds.retire_kind(kinds.get_kind(kind_id), by=current_user.person)
    return go_on(_("No new activity is of this kind any more. Those that are stay so."), url_for("posting.edit_kinds"))
