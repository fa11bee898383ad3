"""Who may not collect a child (禁止接走), and about whom the director is asked first (提醒)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import InputRequired

from center.afterschool import words
from center.afterschool.models.plans import Bar, BarLevel, BarredRight, Right
from center.afterschool.namesakes import called
from center.afterschool.plans import barring
from center.afterschool.plans.barring import BarFacts
from center.afterschool.policy import may_run
from center.afterschool.records import staff_lists
from center.afterschool.rights import barred_rights
from center.kernel import clock
from center.kernel.access import Permission, authorise, requires
from center.kernel.access_log import Kind
from center.kernel.i18n import centre_zone
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person
from center.people.rules import NAME_MOST
from center.web.blueprints import classroom as blueprint
from center.web.forms import BaseForm, CreatingForm, text_field
from center.web.people import looks
from center.web.rendering import render
from center.web.sending import go_on, is_done


class BarForm(CreatingForm):
    """Somebody who is kept away from a child."""

    child = SelectField(_l("Child"), coerce=int, validators=[InputRequired()])
    name = text_field(_l("Whom it is about"), most=NAME_MOST)
    level = RadioField(_l("How strongly"), choices=[])
    document = text_field(
        _l("Paper on which it rests"), most=120, required=False, hint=_l("Court or office, and its number.")
    )
    reason = text_field(_l("On whose word, and why"), most=200, required=False)
    looks = text_field(_l("How to know them"), most=120, required=False)
    phone = text_field(_l("Their phone, if known"), most=20, required=False)

    def facts(self) -> BarFacts:
        """What was typed."""
        names = ("name", "looks", "phone", "document", "reason")
        return BarFacts(level=BarLevel(self.level.data), **{each: self[each].data or "" for each in names})


class LiftForm(BaseForm):
    """Why a bar is lifted."""

    why = text_field(_l("Why it is lifted"), most=200)


class RightsForm(BaseForm):
    """What a bar takes from a guardian beyond collecting, each by its paper."""

    decisions = BooleanField(words.RIGHTS[Right.DECISIONS])
    decisions_document = text_field(
        _l("The paper that takes it"), most=120, required=False, hint=_l("Court or office, and its number.")
    )
    whereabouts = BooleanField(words.RIGHTS[Right.WHEREABOUTS])
    whereabouts_document = text_field(
        _l("The paper that takes it"), most=120, required=False, hint=_l("Court or office, and its number.")
    )

    def taken(self) -> dict[Right, str]:
        """What was chosen, with its paper."""
        return {each: self[f"{each.value}_document"].data or "" for each in Right if self[each.value].data}


@dataclass(frozen=True, kw_only=True)
class BarsPage:
    """The bars that stand, what else they take, and a form for another one."""

    bars: Sequence[Bar]
    taken: Mapping[int, Mapping[Right, BarredRight]]
    against_guardians: frozenset[int]  # the ids of those that may take more
    levels: Any
    rights: Any
    form: BarForm
    is_director: bool
    has_children: bool


@dataclass(frozen=True, kw_only=True)
class LiftPage:
    """One bar, and the form that lifts it."""

    bar: Bar
    levels: Any
    form: LiftForm
    is_director: bool


@dataclass(frozen=True, kw_only=True)
class RightsPage:
    """One bar against a guardian, and what it takes beyond collecting."""

    bar: Bar
    form: RightsForm
    may_take: bool


@blueprint.route("/classroom/bars", methods=["GET", "POST"], endpoint="bars")
@requires(Permission.CARE_FOR_CHILDREN)
def bars_that_stand() -> ResponseReturnValue:
    """Who may not collect whom: of today's children, for the director of all; write down another one."""
    children = _children()
    form = _form(children)
    by_id = {each.id: each for each in children}

    def write() -> Bar:
        is_director = may_run(current_user)
        child = by_id[form.child.data]
        return barring.set_bar(child, form.facts(), by=current_user.person, is_director=is_director, now=clock.now())

    if is_done(form, write, then=url_for("classroom.bars")):
        return go_on(_("Written down. Whoever is on duty today is told."), url_for("classroom.bars"))
    found = staff_lists.bars_of_children(children, clock.now())
    looks.see(Kind.CHILD, {each.child_id: each.child for each in found}.values())
    now, is_director = clock.now(), may_run(current_user)
    page = BarsPage(
        bars=found,
        taken=barred_rights.taken_by(found) if is_director else {},
        against_guardians=frozenset(each.id for each in found if is_director and barred_rights.may_take(each, now=now)),
        levels=words.BAR_LEVELS,
        rights=words.RIGHTS,
        form=form,
        is_director=is_director,
        has_children=bool(children),
    )
    return render("classroom/plans/bars.html", page), form.status


@blueprint.route("/classroom/bars/<id:bar_id>/lift", methods=["GET", "POST"])
@requires(Permission.CARE_FOR_CHILDREN)
def lift_bar(bar_id: int) -> ResponseReturnValue:
    """Take one back, with why."""
    bar = barring.get_bar(bar_id)
    authorise(bar.child_id in {each.id for each in _children()})
    looks.see(Kind.CHILD, [bar.child])
    form = LiftForm()

    def lift() -> None:
        is_director = may_run(current_user)
        barring.lift_bar(bar, why=form.why.data or "", by=current_user.person, is_director=is_director, now=clock.now())

    if is_done(form, lift):
        return go_on(_("Lifted. Whoever is on duty today is told."), url_for("classroom.bars"))
    page = LiftPage(bar=bar, levels=words.BAR_LEVELS, form=form, is_director=may_run(current_user))
    return render("classroom/plans/lift_bar.html", page), form.status


@blueprint.route("/classroom/bars/<id:bar_id>/rights", methods=["GET", "POST"])
@requires(Permission.RUN_AFTER_SCHOOL)
def bar_rights(bar_id: int) -> ResponseReturnValue:
    """Decide what a bar takes from a guardian beyond collecting: nothing, unless a paper says so."""
    bar = barring.get_bar(bar_id)
    looks.see(Kind.CHILD, [bar.child])
    known = barred_rights.taken_by([bar])[bar.id]
    given = {each.value: True for each in known} | {f"{each.value}_document": known[each].document for each in known}
    form = RightsForm(data=given)

    def decide() -> None:
        barred_rights.decide(bar, form.taken(), by=current_user.person, now=clock.now())

    if is_done(form, decide):
        return go_on(_("Written down. It counts from now on."), url_for("classroom.bars"))
    page = RightsPage(bar=bar, form=form, may_take=barred_rights.may_take(bar, now=clock.now()))
    return render("classroom/plans/bar_rights.html", page), form.status


def _children() -> Sequence[Person]:
    today = clock.today(centre_zone())
    return staff_lists.children_for(current_user.person_id, today, everybody=may_run(current_user))


def _form(children: Sequence[Person]) -> BarForm:
    form = BarForm(level=BarLevel.ALERT)
    form.child.choices = [(each.id, name) for each, name in called(children)]
    levels = list(BarLevel) if may_run(current_user) else [BarLevel.ALERT]
    form.level.choices = [(each.value, words.BAR_LEVELS[each]) for each in levels]
    return form
