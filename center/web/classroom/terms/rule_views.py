"""The rules of a term, written and published by versions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.afterschool.models.priorities import Priority
from center.afterschool.models.terms import Term, TermRules
from center.afterschool.queries import get_term
from center.afterschool.terms import precedence, rulebook
from center.afterschool.terms.rulebook import Differs
from center.afterschool.words import PRIORITIES, TOPICS
from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.errors import DomainError
from center.kernel.i18n import gettext as _
from center.web.blueprints import classroom as blueprint
from center.web.classroom.terms.rule_forms import RulesForm, rule_fields, shown_rules
from center.web.classroom.terms.usual_rules import usual_rules
from center.web.editing import watch
from center.web.rendering import render
from center.web.sending import go_on, result_of, tried


@dataclass(frozen=True)
class Orders:
    """The order of reasons for priority by name: until now, and from now on."""

    was: Sequence[object] = ()
    now_is: Sequence[object] = ()

    @property
    def is_other(self) -> bool:
        """Whether anything is different."""
        return list(self.was) != list(self.now_is)


@dataclass(frozen=True, kw_only=True)
class RulesPage:
    """The rules as they are written now, and what would be different."""

    term: Term
    form: RulesForm
    latest: TermRules | None
    differences: Sequence[Differs]
    is_looked_at: bool
    order: Orders
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

    def publish() -> TermRules:
        said, order = form.said(), form.order()
        return rulebook.publish(found, said, order=order, by=current_user.person, now=clock.now())

    made = result_of(form, publish)
    if made is not None:
        said = _("Version %(version)s of the rules is published.", version=made.version)
        return go_on(said, url_for(".term", term_id=found.id))
    return _page(found, form, (), Orders(), is_looked_at=False)


def _looked_at(found: Term, form: RulesForm) -> ResponseReturnValue:
    """What would be different, with nothing published."""
    differences: Sequence[Differs] = ()
    orders = Orders()
    if is_good := form.validate_on_submit():
        written, latest = tried(lambda: (form.said(), form.order())), rulebook.latest(found.id)
        if isinstance(written, DomainError):
            form.refuse(written)
            is_good = False
        else:
            said, order = written
            differences = rulebook.differences(latest.paragraphs if latest else (), rulebook.in_order(said))
            orders = Orders(_named(precedence.order_of(latest)), _named(order))
    return _page(found, form, differences, orders, is_looked_at=is_good)


def _page(
    found: Term, form: RulesForm, differences: Sequence[Differs], order: Orders, *, is_looked_at: bool
) -> ResponseReturnValue:
    page = RulesPage(
        term=found,
        form=form,
        latest=rulebook.latest(found.id),
        differences=differences,
        is_looked_at=is_looked_at,
        order=order,
    )
    return render("classroom/terms/rules.html", page), form.status


def _shown(found: Term) -> Any:
    latest = rulebook.latest(found.id)
    order = precedence.order_of(latest) if latest else precedence.USUAL
    return shown_rules(latest.paragraphs if latest else usual_rules(found), order)


def _named(order: Sequence[Priority]) -> list[object]:
    return [PRIORITIES[each] for each in order]
