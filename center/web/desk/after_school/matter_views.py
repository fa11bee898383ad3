"""All that a guardian who rings or comes by can say of a child, as with an account: consents, week, calls, reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask.typing import ResponseReturnValue
from wtforms import RadioField
from wtforms.validators import InputRequired

from center.afterschool import place_effects, said_to_staff
from center.afterschool.models.consents import ChildConsent, Purpose
from center.afterschool.models.enrolments import EnrolmentChange
from center.afterschool.models.terms import TermMode
from center.afterschool.places import consents
from center.afterschool.places.consents import PURPOSES, WITHOUT, Text
from center.afterschool.places.states import NAMES as PLACES
from center.afterschool.places.states import TONES, Place, may, place_of
from center.afterschool.plans import callers, ways, weeks
from center.afterschool.rights.guardian_rights import Deed
from center.afterschool.said_to_staff import Word
from center.afterschool.words import PRIORITIES
from center.afterschool.words import PURPOSES as NAMES
from center.kernel.access import Permission, authorise, requires
from center.kernel.i18n import gettext as _
from center.kernel.i18n import in_language, local_date
from center.kernel.i18n import lazy_gettext as _l
from center.people import acting
from center.people.masking import masked_name
from center.web.after_school.calls import WordForm
from center.web.after_school.place_forms import CallersForm, ReasonsForm, callers_form, named_reasons
from center.web.after_school.week_form import WeekForm, shown_week, week_choices
from center.web.blueprints import desk as blueprint
from center.web.desk.after_school.on_the_line import OnTheLine, on_the_line
from center.web.desk.after_school.word_pages import Asked, answer
from center.web.editing import watch
from center.web.rendering import render

AGREE, TAKE_BACK = "agree", "take_back"


@dataclass(frozen=True, kw_only=True)
class MattersPage:
    """What can be said now, by where the place stands; nothing of the child's record but that."""

    line: OnTheLine
    place: Place
    has_days: bool
    live: Mapping[Purpose, ChildConsent]
    reasons: Sequence[Any]
    refusals: Sequence[object]  # what papers have taken from the guardian
    may_do: frozenset[str]  # as the place stands
    purposes: Mapping[Any, Any] = field(default_factory=lambda: NAMES)
    place_names: Mapping[Any, Any] = field(default_factory=lambda: PLACES)
    tones: Mapping[Any, str] = field(default_factory=lambda: TONES)


class ConsentWordForm(WordForm):
    """What they say of one text."""

    answer = RadioField(_l("What do they say?"), validators=[InputRequired(_l("Please choose one of these."))])


class OrderWordForm(CallersForm, WordForm):
    """Who is rung first."""


class WeekWordForm(WeekForm, WordForm):
    """The fixed week."""


class ReasonsWordForm(ReasonsForm, WordForm):
    """For which reasons the child should come before others."""


@blueprint.get("/desk/after-school/calls/<id:enrolment_id>/<id:person_id>/matters")
@requires(Permission.ENROL_CHILDREN)
def caller_matters(enrolment_id: int, person_id: int) -> ResponseReturnValue:
    """What the guardian can say of the child and the place."""
    line = on_the_line(enrolment_id, person_id)
    place = place_of(line.enrolment, on=local_date(line.now), now=line.now)
    page = MattersPage(
        line=line,
        place=place,
        may_do=frozenset(each.value for each in EnrolmentChange if may(each, place)),
        has_days=callers.lasts(line.enrolment),
        live=consents.live_of(line.child),
        reasons=[PRIORITIES[each.reason] for each in line.enrolment.claims],
        refusals=[each for to in (Deed.PLACE, Deed.WAY_HOME) if (each := line.why_not(to)) is not None],
    )
    return render("desk/after_school/matters.html", page)


@blueprint.route(
    "/desk/after-school/calls/<id:enrolment_id>/<id:person_id>/consents/<purpose>", methods=["GET", "POST"]
)
@requires(Permission.ENROL_CHILDREN)
def caller_consent(enrolment_id: int, person_id: int, purpose: str) -> ResponseReturnValue:
    """Agree on paper to a text, or take that back."""
    line = on_the_line(enrolment_id, person_id)
    authorise(purpose in set(PURPOSES))
    which, form = Purpose(purpose), ConsentWordForm()
    text, live = consents.texts_now()[which], consents.live_of(line.child).get(which)
    form.answer.choices = _answers(text, live)
    if len(form.answer.choices) == 1 and not form.is_submitted():
        form.answer.data = form.answer.choices[0][0]

    def act(word: Word) -> bool:
        if form.answer.data == AGREE:
            return said_to_staff.give_consent(line.child, which, version=text.version, word=word, now=line.now)
        return said_to_staff.take_back_consent(line.child, which, word=word, now=line.now)

    asked = Asked(
        to=Deed.CONSENTS,
        title=str(NAMES[which]),
        lead=_("%(name)s · version %(version)d of the text", name=line.child_name, version=text.version),
        text=in_language(text.words, text.words_en),
        fields=[form.answer],
        label=_("Write it down"),
        is_grave=which is Purpose.CARE and live is not None and live.is_given,
        done=_("Written down: %(what)s. The guardians are told.", what=NAMES[which]),
    )
    effects = lambda: _consent_effects(line, which, form.answer.data)  # noqa: E731
    return answer(line, form, act, asked, effects=effects)


@blueprint.route("/desk/after-school/calls/<id:enrolment_id>/<id:person_id>/order", methods=["GET", "POST"])
@requires(Permission.ENROL_CHILDREN)
def caller_order(enrolment_id: int, person_id: int) -> ResponseReturnValue:
    """Who is rung first, and who each guardian is to the child."""
    line = on_the_line(enrolment_id, person_id)
    guardians = [each.guardian for each in acting.guardians_of(line.child, on=local_date(line.now))]
    form = callers_form(line.enrolment, guardians, OrderWordForm, called=lambda each: masked_name(each.name))
    first = [form.first] if len(guardians) > 1 else []
    asked = Asked(
        to=Deed.RECORD,
        title=_("Who is rung first about %(name)s", name=line.child_name),
        lead=_("If something is the matter, the centre rings in this order."),
        fields=[*first, *form.relations],
        label=_("Save"),
        done=_("The order of calling for %(name)s is changed. The guardians are told.", name=line.child_name),
    )
    act = lambda word: said_to_staff.reorder(line.enrolment, form.in_order(), word=word, now=line.now)  # noqa: E731
    return answer(line, form, act, asked)


@blueprint.route("/desk/after-school/calls/<id:enrolment_id>/<id:person_id>/week", methods=["GET", "POST"])
@requires(Permission.ENROL_CHILDREN)
def caller_week(enrolment_id: int, person_id: int) -> ResponseReturnValue:
    """The fixed week."""
    line = on_the_line(enrolment_id, person_id)
    authorise(callers.lasts(line.enrolment))
    term, weekdays = line.enrolment.term, weeks.weekdays_of(line.enrolment.term)
    may_walk = ways.may_walk(line.child, term=term, on=local_date(line.now))
    choices = week_choices(line.enrolment, may_walk=may_walk, called=lambda each: masked_name(each.name))

    def make(**given: Any) -> WeekWordForm:
        form = WeekWordForm(data=shown_week(line.enrolment), **given)
        form.keep(weekdays, choices, has_halves=term.mode is TermMode.FULL_DAY)
        return form

    form = watch(make)
    lead = _("It holds from now on, on every such weekday. For one day only, change the day.")
    alone = _(
        "To go home alone, a child needs the consent of a guardian and has to be %(age)s years old.", age=term.alone_age
    )
    asked = Asked(
        to=Deed.WAY_HOME,
        title=_("The week of %(name)s", name=line.child_name),
        lead=lead if may_walk else f"{lead} {alone}",
        fields=form.of_weekdays(),
        label=_("Save the week"),
        done=_("The week of %(name)s is changed. The guardians are told.", name=line.child_name),
    )
    act = lambda word: said_to_staff.set_week(line.enrolment, form.week(), word=word, now=line.now)  # noqa: E731
    return answer(line, form, act, asked)


@blueprint.route("/desk/after-school/calls/<id:enrolment_id>/<id:person_id>/reasons", methods=["GET", "POST"])
@requires(Permission.ENROL_CHILDREN)
def caller_reasons(enrolment_id: int, person_id: int) -> ResponseReturnValue:
    """Reasons for priority: named until enrolment closes, withdrawn until lots are drawn."""
    line = on_the_line(enrolment_id, person_id)
    form = ReasonsWordForm(data=named_reasons(line.enrolment))
    form.offer(line.enrolment)
    asked = Asked(
        to=Deed.PLACE,
        title=_("Reasons for priority of %(name)s", name=line.child_name),
        lead=_("Staff look at each and write down what they decide. Once lots are drawn nothing changes any more."),
        fields=[form.reasons],
        label=_("Save"),
        done=_("The reasons for %(name)s are written down. Staff decide on them.", name=line.child_name),
    )
    act = lambda word: said_to_staff.say_reasons(line.enrolment, form.chosen(), word=word, now=line.now)  # noqa: E731
    return answer(line, form, act, asked)


def _answers(text: Text, live: ChildConsent | None) -> list[tuple[str, Any]]:
    """What can be said of a text, by what stands: to a newer text one can agree anew."""
    is_given = live is not None and live.is_given
    is_newer = live is not None and live.text.version != text.version
    agree = [] if is_given and not is_newer else [(AGREE, _("They agree: the signed paper is here"))]
    return [*agree, *([(TAKE_BACK, _("They take the consent back"))] if is_given else [])]


def _consent_effects(line: OnTheLine, which: Purpose, said: str) -> Sequence[str]:
    if said == AGREE:
        return [_("The guardian has agreed to the text that stands below.")]
    found = [str(WITHOUT[which])]
    if which is Purpose.CARE:
        found += [_("Every place of the child ends at once."), *place_effects.of_leaving(line.enrolment, now=line.now)]
    elif which in {Purpose.HEALTH, Purpose.PHOTOS}:
        found.append(_("What is kept because of it is deleted at once."))
    return found
