"""The rules of a term, written and published by versions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.afterschool import rulebook
from center.afterschool.models.terms import Term, TermRules
from center.afterschool.queries import get_term
from center.afterschool.rulebook import Differs
from center.afterschool.words import TOPICS
from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.i18n import gettext as _
from center.web.blueprints import classroom as blueprint
from center.web.classroom.terms.rule_forms import RulesForm, rule_fields, shown_rules
from center.web.classroom.terms.usual_rules import usual_rules
from center.web.editing import watch
from center.web.rendering import render
from center.web.sending import go_on, result_of, tried


@dataclass(frozen=True, kw_only=True)
class RulesPage:
    """The rules as they are written now, and what would be different."""

    term: Term
    form: RulesForm
    latest: TermRules | None
    differences: Sequence[Differs]
    is_looked_at: bool
    fields: Any = field(default_factory=rule_fields)
    topics: Any = field(default_factory=lambda: TOPICS)


@blueprint.route("/classroom/terms/<id:term_id>/rules", methods=["GET", "POST"])
@requires(Permission.RUN_AFTER_SCHOOL)
def term_rules(term_id: int) -> ResponseReturnValue:
    """Write the rules, look at what is different, publish them."""
    found = get_term(term_id)
    form = watch(lambda **given: RulesForm(data=_shown(found), **given))
    if request.form.get("press") == "look":
        return _looked_at(found, form)
    act = lambda: rulebook.publish(found, form.said(), by=current_user.person, now=clock.now())  # noqa: E731
    made = result_of(form, act)
    if made is not None:
        said = _("Version %(version)s of the rules is published.", version=made.version)
        return go_on(said, url_for(".term", term_id=found.id))
    return _page(found, form, (), is_looked_at=False)


def _looked_at(found: Term, form: RulesForm) -> ResponseReturnValue:
    """What would be different, with nothing published."""
    differences: Sequence[Differs] = ()
    if is_good := form.validate_on_submit():
        said = tried(form.said)
        latest = rulebook.latest(found.id)
        if isinstance(said, list):
            differences = rulebook.differences(latest.paragraphs if latest else (), rulebook.in_order(said))
        else:
            form.refuse(said) if said is not None else None
            is_good = False
    return _page(found, form, differences, is_looked_at=is_good)


def _page(found: Term, form: RulesForm, differences: Sequence[Differs], *, is_looked_at: bool) -> ResponseReturnValue:
    page = RulesPage(
        term=found,
        form=form,
        latest=rulebook.latest(found.id),
        differences=differences,
        is_looked_at=is_looked_at,
    )
    return render("classroom/terms/rules.html", page), form.status


def _shown(found: Term) -> Any:
    latest = rulebook.latest(found.id)
    return shown_rules(latest.paragraphs if latest else usual_rules(found))
