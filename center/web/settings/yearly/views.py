"""What troupes are to have done in a year: the rules' numbers, and those that the director sets instead."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from center.kernel.access import Permission, authorise, requires
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.troupes.models.yearly import Counted
from center.troupes.yearly import targets
from center.troupes.yearly.records import targets_set
from center.troupes.yearly.rules import RULES, targets_of
from center.troupes.yearly.words import COUNTED_HOW, COUNTED_NAMES
from center.web.blueprints import troupes as blueprint
from center.web.editing import EditingForm, watch
from center.web.forms import text_field
from center.web.sending import form_page, go_on, is_done


class TargetForm(EditingForm):
    """How many there are to be in a year, and which rule says so."""

    least = IntegerField(_l("At least"), validators=[InputRequired(), NumberRange(min=0, max=10000)])
    source = text_field(_l("Which rule says so"), most=200, required=False)


@blueprint.get("/settings/yearly-targets")
@requires(Permission.EDIT_CENTRE)
def yearly_targets() -> ResponseReturnValue:
    """All that is counted, with how many there are to be."""
    found = targets_of(targets_set())
    return render_template("settings/yearly/index.html", targets=found, names=COUNTED_NAMES, how=COUNTED_HOW)


@blueprint.route("/settings/yearly-targets/<counted>", methods=["GET", "POST"])
@requires(Permission.EDIT_CENTRE)
def yearly_target(counted: str) -> ResponseReturnValue:
    """Set how many there are to be of one thing."""
    authorise(counted in set(Counted))
    what = Counted(counted)
    known = next(each for each in targets_of(targets_set()) if each.counted is what)
    source = targets_set().get(what, (0, ""))[1]
    form = watch(lambda **given: TargetForm(data={"least": known.least, "source": source}, **given))
    set_it = lambda: targets.set_target(what, form.least.data, source=form.source.data or "", by=current_user.person)  # noqa: E731
    if is_done(form, set_it):
        return go_on(_("Saved."), url_for("troupes.yearly_targets"))
    return form_page(
        "settings/yearly/target.html", form, name=COUNTED_NAMES[what], how=COUNTED_HOW[what], rule=RULES[what]
    )
