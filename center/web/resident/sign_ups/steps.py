"""The steps of signing up: who comes, what the roster asks of them, and in elder mode all of it once more."""

import re
from collections.abc import Collection, Sequence
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from center.activities.known_activities import known_activity_by_id
from center.activities.models import Activity
from center.kernel import clock
from center.kernel.db import transaction
from center.kernel.errors import DomainError
from center.kernel.i18n import gettext as _
from center.kernel.i18n import in_language, is_elder, local_date, ngettext
from center.people.acting import Ground, people_acted_for
from center.people.models import Person
from center.signups import actions, queries
from center.signups.answers import Asked, asked_on, facts_of_form
from center.signups.details.overlaps import meanwhile
from center.signups.models import Roster, SignUpState
from center.signups.places_left import left_on
from center.signups.refusals import reasons_against
from center.signups.roster_state import RosterState, judge
from center.signups.sign_up_request import Divided, Refused, SignUpRequest
from center.web.editing import say_value
from center.web.sign_ups.forms import SignUpForm, asking
from center.web.steps.flow import StepFlow
from center.web.steps.keeping import InDraft
from center.web.steps.page import Step

FAMILY = frozenset({Ground.SELF, Ground.GUARDIAN, Ground.HOUSEHOLD})
NAMES = re.compile(r"who|answers|need|wheelchair|pick-up|q[0-9]{1,9}|check|places")
WISHES = (("need", ("need",)), ("wheelchair", ("wheelchair", "companion")), ("pick-up", ("pick_up",)))


class SignUpSteps(StepFlow[SignUpForm]):
    """Signing up oneself, one's family, and neighbours who agreed to it."""

    endpoint = "signups.sign_up_step"

    def __init__(self, activity: Activity, roster: Roster) -> None:
        self.activity, self.roster, self.is_elder = activity, roster, is_elder()
        self.me = current_user.person
        self.found = people_acted_for(self.me, on=local_date(clock.now()))
        self._look_at(judge(roster, activity))
        super().__init__(InDraft(f"sign-up:{roster.id}"), slug=activity.slug, roster_id=roster.id)

    def read_anew(self) -> None:
        self.activity = known_activity_by_id(self.roster.activity_id)
        self._look_at(judge(self.roster, self.activity))

    def _look_at(self, roster_state: RosterState) -> None:
        """Who can sign up, and what is asked of them, as the roster stands."""
        self.roster_state = roster_state
        own = queries.live_sign_ups([self.roster.id], [each.person.id for each in self.found])
        self.signed = {each.person_id: each for each in own}
        self.against = reasons_against(self.roster_state, self.found, signed=self.signed, now=clock.now())
        self.asked = asked_on(self.roster_state)

    @property
    def able(self) -> list[Person]:
        """Those whom nothing speaks against yet; of one alone, they: what speaks against them is said on their form."""
        left = self._left
        return left if len(left) == 1 else [each for each in left if each.id not in self.against]

    @property
    def is_choice(self) -> bool:
        """Whether it is a question who comes."""
        return len(self._left) != 1

    @property
    def _left(self) -> list[Person]:
        return [each.person for each in self.found if each.person.id not in self.signed]

    @property
    def reasons(self) -> list[tuple[str, str]]:
        """Whom something speaks against, by name, each with what does."""
        return [(each.person.name, words) for each in self.found for words in self.against.get(each.person.id, ())]

    def knows(self, name: str) -> bool:
        return NAMES.fullmatch(name) is not None

    def make_form(self, answers: "MultiDict[str, str] | None") -> SignUpForm:
        ids = answers.getlist("people") if answers else []
        chosen = [each for each in self.able if str(each.id) in ids] if self.is_choice else self.able
        answers = _same_for_all(answers, chosen, self.asked) if self.is_elder and answers else answers
        form = asking(SignUpForm, chosen, self.asked, with_note=not self.is_elder)(formdata=answers)
        form.offer(self.able, is_begun=answers is not None)
        form.request_key.data = self.keeping.key
        is_answered_by_page = request.method == "GET" or bool(g.get("csrf_failed"))
        form.compare(facts_of_form(self.roster_state), is_shown=is_answered_by_page)
        return form

    def steps_of(self, form: SignUpForm) -> Sequence[Step]:
        is_all = not self.is_elder and not self.asked.is_anything  # then it can be sent at once
        who = Step("who", ("people", "stays_together"), _("Who comes?"), is_last=is_all)
        steps = [who] if self.is_choice else []
        if self.is_elder:
            steps += self._questions(form)
            title = _("Is this right?") if steps else _("Sign up: %(title)s", title=self.title)
            steps.append(Step("check", question=title, is_last=True, is_aside=True))
        else:
            fields = tuple(field.name for field in form.questions_asked)
            steps.append(Step("answers", fields, _("Sign up: %(title)s", title=self.title), is_last=True))
        if "seated" in self.said.more:
            steps.append(Step("places", (), _("There are places for some of you"), is_last=True, is_aside=True))
        return steps

    @property
    def title(self) -> str:
        return in_language(self.activity.title, self.activity.title_en)

    def is_sent(self, step: Step) -> bool:
        return step.is_last and request.form.get("stage") != "who"

    def is_right(self, step: Step) -> bool:
        is_good = super().is_right(step)
        if step.name != "who":
            return is_good
        chosen = self.said.answers.get("people", ())
        if why := [name + _(": ") + words for name, words in self.reasons if name in self._names(chosen)]:
            self.form.people.errors = why
        elif is_good and not self.form.people_asked:
            self.form.people.errors = [_("Please choose who comes.")]
        return not self.form.people.errors

    def asked_anew(self) -> Collection[str]:
        return self.form.asked_anew

    def say_outdated(self) -> None:
        self.form.ask_anew()

    def put_refusal(self, error: DomainError) -> tuple[tuple[str, str], ...]:
        if isinstance(error, Divided):
            return ()
        if isinstance(error, Refused):
            return self.form.places_of(error.refused)
        return super().put_refusal(error)

    def more_of(self, error: DomainError) -> dict[str, Any]:
        if not isinstance(error, Divided):
            return {}
        return {"seated": error.seated, "others": error.others, "fit_together": error.fit_together}

    def place_of(self, error: DomainError, refused: Sequence[tuple[str, str]]) -> Step | None:
        return self.find("places") if isinstance(error, Divided) else super().place_of(error, refused)

    def show(self, step: Step) -> str:
        people = list(self.form.people_asked) or [each.person for each in self.found]
        family = [each.person.id for each in self.found if each.ground in FAMILY]
        alone, now = (people[0] if len(people) == 1 else None), clock.now()
        return render_template(
            f"resident/signups/{PAGES.get(step.name, 'step')}.html",
            steps=self,
            form=self.form,
            activity=self.activity,
            roster=self.roster,
            page=self.page(step, self.title, url_for("activities.show", slug=self.activity.slug)),
            groups=self._groups(step),
            overlaps=meanwhile(people, self.roster_state.sessions, but=self.roster, family=family),
            left=left_on({self.roster.id: self.roster_state}, now=now, person=alone)[self.roster.id],
        )

    def finish(self) -> ResponseReturnValue:
        split = request.form.get("split", "")
        together = split == "together" or self.form.stays_together.data
        wished = SignUpRequest(
            places=[self.form.wanted(person.id) for person in self.form.people_asked],
            request_key=self.keeping.key,
            stays_together=together,
            seen=self.form.seen_stamp,
            asks_first=not together and split != "some",
        )
        with transaction():
            group = actions.sign_up(self.roster, wished, by=self.me, as_staff=False, now=clock.now())
            references = [each.reference for each in group.sign_ups]
            waiting = sum(each.state is SignUpState.WAITING for each in group.sign_ups)
            leads_to = url_for("bookings.mine")
            if len(references) == 1:
                leads_to = url_for("signups.show_sign_up", reference=references[0], new=1)
            self.keeping.finish(leads_to)
        if len(references) > 1:
            flash(_signed_up(len(references), waiting), "ok")
        return redirect(leads_to, 303)

    def summary(self) -> list[tuple[Step, str, str]]:
        """What was answered at each step, in words, for reading it once more."""
        names = _(", ").join(person.name for person in self.form.people_asked)
        rows = [(step, _("Who comes?"), names) for step in self.steps if step.name == "who"]
        for step in self.steps:
            rows += [(step, label, self._said(fields)) for label, fields in self._labelled(step)]
        return rows

    def _names(self, ids: Collection[str]) -> list[str]:
        return [each.person.name for each in self.found if str(each.person.id) in ids]

    def _questions(self, form: SignUpForm) -> list[Step]:
        """One page for each thing that is asked, about everybody who comes."""
        titles = {"need": _("Access services"), "wheelchair": _("Wheelchair, companion"), "pick-up": _("Pick-up")}
        asked = [(name, titles[name], names) for name, names in WISHES]
        asked += [
            (f"q{each.id}", in_language(each.words, each.words_en), (f"q{each.id}",)) for each in self.asked.questions
        ]
        found = []
        for name, title, names in asked:
            of_all = [f"w{person.id}_{each}" for each in names for person in form.people_asked]
            fields = [each for each in of_all if each in form]
            if fields or (not form.people_asked and self._may_ask(name)):
                found.append(Step(name, tuple(fields), title))
        return found

    def _may_ask(self, name: str) -> bool:
        """Whether the roster asks this of anybody; whoever comes is not chosen yet."""
        may = {
            "need": self.asked.access_need,
            "wheelchair": self.asked.wheelchair or self.asked.companion,
            "pick-up": self.asked.pick_up,
        }
        return may.get(name, True)

    def _labelled(self, step: Step) -> list[tuple[str, list[Any]]]:
        """The fields of a step by what they ask: each once for everybody who comes."""
        groups: dict[str, list[Any]] = {}
        for name in step.fields if step.name != "who" else ():
            groups.setdefault(str(self.form[name].label.text), []).append(self.form[name])
        return list(groups.items())

    def _groups(self, step: Step) -> list[tuple[str, list[Any]]]:
        """The same for the page; of several people each field is called by the name of whom it is about."""
        found = self._labelled(step)
        names = {f"w{person.id}": person.name for person in self.form.people_asked}
        if len(names) > 1 and self.is_elder:
            for _label, fields in found:
                for n, field in enumerate(fields):
                    field.label.text = names[field.name.partition("_")[0]]
                    field.description = field.description if n == 0 or "pick_up" in field.name else ""
        return found

    def _said(self, fields: Sequence[Any]) -> str:
        names = {f"w{person.id}": person.name for person in self.form.people_asked}
        if len(names) == 1:
            return say_value(fields[0], fields[0].data)
        said = [(names[each.name.partition("_")[0]], each) for each in fields]
        if all(isinstance(each.data, bool) for each in fields):
            return _(", ").join(name for name, each in said if each.data) or _("nobody")
        return _("; ").join(name + _(": ") + (say_value(each, each.data) or "–") for name, each in said)


PAGES = {"who": "who", "answers": "answers", "check": "check", "places": "divided"}


def _same_for_all(answers: "MultiDict[str, str]", people: Sequence[Person], asked: Asked) -> "MultiDict[str, str]":
    """What must be answered, and is answered of the first alone, is the answer of them all."""
    whole = MultiDict(answers)
    for question in asked.questions:
        names = [f"w{person.id}_q{question.id}" for person in people]
        if question.is_required and names and (first := whole.get(names[0])):
            for name in names[1:]:
                whole[name] = whole.get(name, "").strip() or first
    return whole


def _signed_up(number: int, waiting: int) -> str:
    if waiting:
        return _("%(seated)s of you have a place, %(waiting)s wait.", seated=number - waiting, waiting=waiting)
    return ngettext("%(num)d person is signed up.", "%(num)d people are signed up.", number)
