"""The steps of a wish: what for, how many people and what they need, then the times, the best first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from wtforms import SelectField, SelectMultipleField
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from center.allocation.models import AllocationRound, TermWish, WeeklyTime
from center.allocation.rounds.queries import times_of
from center.allocation.wishes import actions
from center.allocation.wishes.actions import MOST_CHOICES, WishFacts
from center.allocation.wishes.queries import kinds_to_wish
from center.allocation.wishes.suiting import Use, unsuited
from center.allocation.words import say_place, say_time
from center.kernel import clock
from center.kernel.db import transaction
from center.kernel.i18n import gettext as _
from center.kernel.i18n import in_language
from center.kernel.i18n import lazy_gettext as _l
from center.organisations.models import Organisation
from center.web.forms import CreatingForm, text_field
from center.web.rendering import render
from center.web.rooms.forms import number_field
from center.web.sending import go_on
from center.web.steps.flow import StepFlow
from center.web.steps.keeping import InDraft
from center.web.steps.page import Step, StepPage

PURPOSE, PEOPLE, TIMES = "purpose", "people", "times"
CHOICES = tuple(f"choice_{n}" for n in range(1, MOST_CHOICES + 1))
NTHS = (
    _l("First choice"),
    _l("Second choice"),
    _l("Third choice"),
    _l("Fourth choice"),
    _l("Fifth choice"),
    _l("Sixth choice"),
    _l("Seventh choice"),
    _l("Eighth choice"),
)


def _choice(n: int) -> SelectField:
    return SelectField(NTHS[n], coerce=int, default=0)


class WishForm(CreatingForm):
    """One wish."""

    purpose = text_field(_l("What do you need a room for?"), most=80, hint=_l("Such as: choir rehearsal."))
    kind = SelectField(_l("Kind of use"), coerce=int, default=0)
    people = number_field(_l("How many people come?"), least=1, most=500)
    needs = SelectMultipleField(
        _l("What must stand in the room?"),
        description=_l("Only what you cannot do without: it counts where the room has it."),
        coerce=str,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=[Optional()],
    )
    choice_1, choice_2, choice_3, choice_4 = _choice(0), _choice(1), _choice(2), _choice(3)
    choice_5, choice_6, choice_7, choice_8 = _choice(4), _choice(5), _choice(6), _choice(7)

    def facts(self) -> WishFacts:
        """What was typed."""
        return WishFacts(
            purpose=self.purpose.data,
            purpose_id=self.kind.data or None,
            people=self.people.data,
            needs=frozenset(self.needs.data or ()),
            choices=tuple(self[name].data for name in CHOICES if self[name].data),
        )


@dataclass(frozen=True, kw_only=True)
class WishStepPage:
    """One of the questions; beside the times stand those that do not suit, and why."""

    page: StepPage
    form: WishForm
    found: AllocationRound
    organisation: Organisation
    choices: Sequence[str]
    against: Sequence[tuple[WeeklyTime, str]]


class WishSteps(StepFlow[WishForm]):
    """Naming a wish, or changing one."""

    def __init__(self, found: AllocationRound, organisation: Organisation, wish: TermWish | None = None) -> None:
        self.found, self.organisation, self.wish = found, organisation, wish
        self.times = times_of(found)
        self.endpoint = "allocation.change_wish" if wish else "allocation.name_wish"
        address: dict[str, Any] = {"organisation": organisation.slug, "term": found.slug}
        if wish is not None:
            address["wish_number"] = wish.reference
        super().__init__(InDraft(f"wish {wish.reference if wish else found.id}"), **address)

    @property
    def back(self) -> str:
        """Where it began."""
        return url_for("allocation.own_wishes", organisation=self.organisation.slug, term=self.found.slug)

    def beginning(self) -> dict[str, list[str]]:
        if self.wish is None:
            return {}
        wish = self.wish
        chosen = {f"choice_{each.rank}": [str(each.time_id)] for each in wish.choices}
        kind = [str(wish.purpose_id or 0)]
        known = {"purpose": [wish.purpose], "kind": kind, "people": [str(wish.people)], "needs": sorted(wish.needed)}
        return {**known, **chosen}

    def make_form(self, answers: "MultiDict[str, str] | None") -> WishForm:
        form = WishForm(formdata=answers)
        form.kind.choices = [(0, _("None of these")), *kinds_to_wish()]
        form.needs.choices = list(equipment_in(self.times).items())
        offered = [(0, _("No further choice")), *((each.id, say_place(each)) for each in self.times)]
        for name in CHOICES:
            form[name].choices = offered
        form.request_key.data = self.keeping.key
        return form

    def steps_of(self, form: WishForm) -> Sequence[Step]:
        what = ("purpose", "kind") if len(form.kind.choices) > 1 else ("purpose",)
        who = ("people", "needs") if form.needs.choices else ("people",)
        return [
            Step(PURPOSE, what, _("What do you need a room for?")),
            Step(PEOPLE, who, _("How many people come, and what do they need?")),
            Step(TIMES, CHOICES, _("Which times would you take, the best first?"), is_last=True),
        ]

    def knows(self, name: str) -> bool:
        return name in {PURPOSE, PEOPLE, TIMES}

    def show(self, step: Step) -> str:
        name = in_language(self.organisation.name, self.organisation.name_en)
        title = _("A wish of %(organisation)s", organisation=name)
        against = self._against() if step.is_last else {}
        self._offer(against)
        shown = WishStepPage(
            page=self.page(step, title, self.back),
            form=self.form,
            found=self.found,
            organisation=self.organisation,
            choices=CHOICES,
            against=[(each, against[each.id]) for each in self.times if each.id in against],
        )
        return render("workspace/term_wishes/step.html", shown)

    def finish(self) -> ResponseReturnValue:
        by, now = current_user.person, clock.now()
        with transaction():
            if self.wish is not None:
                actions.change_wish(self.wish, self.form.facts(), by=by, now=now)
            else:
                actions.name_wish(self.found, self.organisation, self.form.facts(), by=by, now=now)
            self.keeping.finish(self.back)
        return go_on(_("The wish is saved. It can be changed until wishes close."), self.back)

    def _against(self) -> Mapping[int, str]:
        """Why times do not suit, as far as it is known what for and how many."""
        people = self.form.people.data
        if not isinstance(people, int):
            return {}
        use = Use(
            people=people,
            purpose_id=self.form.kind.data or None,
            organisation=self.organisation,
            person=self.wish.person if self.wish else current_user.person,
        )
        return unsuited(self.found, self.times, use, now=clock.now())

    def _offer(self, against: Mapping[int, str]) -> None:
        """Offer the times that suit, by room; one that was chosen stays, so that what is wrong with it can be said."""
        for name in CHOICES:
            chosen = self.form[name].data
            groups: dict[str, list[tuple[int, str]]] = {}
            for each in self.times:
                if each.id not in against or each.id == chosen:
                    groups.setdefault(each.room.full_name, []).append((each.id, say_time(each)))
            self.form[name].choices = {"": [(0, _("No further choice"))], **groups}


def equipment_in(times: Sequence[WeeklyTime]) -> dict[str, str]:
    """What stands in the rooms of these times: by its name, how it is called in the reader's language."""
    found: dict[str, str] = {}
    for time in times:
        for each in time.room.equipment:
            found[each.name] = in_language(each.name, each.name_en)
    return dict(sorted(found.items()))
