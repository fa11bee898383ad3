"""Proposing questions and photos of a public activity, and saying what is proposed beside what is said now."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from center.activities import kinds
from center.activities.change_requests import actions as proposing
from center.activities.change_requests.models import ChangeRequest, ChangeRequestKind
from center.activities.models import Activity
from center.activities.photos import actions as photos
from center.activities.photos.images import Picture
from center.activities.words import ACCESS_NAMES
from center.kernel.i18n import gettext as _
from center.kernel.i18n import in_language
from center.people.models import Person
from center.signups.details import questions as asking
from center.signups.details.questions import QuestionFacts
from center.signups.models import Question, QuestionKind, Roster
from center.web.activities.forms import EditForm, values_of
from center.web.activities.question_forms import KINDS, QuestionForm
from center.web.editing import say_value


@dataclass(frozen=True)
class WasIs:
    """One thing as everybody reads it now, and as it is to be."""

    label: Any
    was: str
    now_is: str


def propose_question(
    activity: Activity,
    facts: QuestionFacts,
    *,
    rosters: Sequence[Roster] = (),
    question: Question | None = None,
    by: Person,
    now: datetime,
) -> ChangeRequest:
    """Ask staff to let a question be asked on these rosters, or to let one be put differently."""
    asking.refuse_unclear(facts)
    wanted = {
        "facts": {**asdict(facts), "kind": facts.kind.value},
        "rosters": [roster.id for roster in rosters],
        "question": question.id if question else None,
    }
    told = hashlib.sha256(json.dumps(wanted, sort_keys=True).encode()).hexdigest()[:20]
    target = f"question {question.id}" if question else f"new {told}"
    return proposing.propose(activity, ChangeRequestKind.QUESTION, wanted, by=by, now=now, target=target)


def propose_photo(
    activity: Activity, picture: Picture | None, *, alt: str, alt_en: str, by: Person, now: datetime
) -> ChangeRequest:
    """Ask staff to let another photo be shown, or to let the one there is be described anew."""
    wanted = {"alt": alt, "alt_en": alt_en}
    return proposing.propose(activity, ChangeRequestKind.PHOTO, wanted, by=by, now=now, picture=picture)


def was_is(proposal: ChangeRequest) -> list[WasIs]:
    """What would change, field by field, beside what holds now."""
    if proposal.kind is ChangeRequestKind.WORDS:
        return _words(proposal)
    if proposal.kind is ChangeRequestKind.PHOTO:
        known = photos.find_photo(proposal.activity_id)
        was = in_language(known.alt, known.alt_en) if known else ""
        return [WasIs(_("What the photo shows"), was, in_language(proposal.values["alt"], proposal.values["alt_en"]))]
    return _question(proposal)


def _words(proposal: ChangeRequest) -> list[WasIs]:
    form, wanted = EditForm(formdata=None), proposal.values
    form.offer_kinds(kinds.all_kinds(with_retired=True))
    before = values_of(proposal.activity)
    after = {**before, **{name: value for name, value in wanted.items() if name in before}}
    after["access"] = [name for name in ACCESS_NAMES if wanted.get(name, getattr(proposal.activity, name))]
    return [
        WasIs(form[name].label.text, say_value(form[name], before[name]), say_value(form[name], after[name]))
        for name in form._fields
        if name in before and before[name] != after[name]
    ]


def _question(proposal: ChangeRequest) -> list[WasIs]:
    form, said = QuestionForm(formdata=None), proposal.values
    known = asking.find_question(said["question"]) if said["question"] else None
    before = {**asdict(asking.facts_of(known)), "kind": known.kind.value} if known else {}
    return [
        WasIs(form[name].label.text, _answer(form, name, before.get(name)), _answer(form, name, value))
        for name, value in said["facts"].items()
        if name in form and value != before.get(name) and (value or before.get(name))
    ]


def _answer(form: QuestionForm, name: str, value: Any) -> str:
    if value is None:
        return ""
    return str(KINDS[QuestionKind(value)]) if name == "kind" else say_value(form[name], value)
