"""Answers kept beside a sign-up, and what keeps a need from being met, in words."""

from collections.abc import Mapping

from center.kernel.db import db
from center.kernel.errors import DomainError, RuleBroken
from center.kernel.i18n import in_language
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person
from center.signups.answer_rules import Asked, Cannot, asked_of, impossible
from center.signups.models import Answer, SignUp
from center.signups.roster_state import RosterState
from center.signups.rules import ANSWER_MOST, wrong_answers
from center.signups.sign_up_request import PlaceRequest

WORDS = {
    Cannot.COMPANION: _l("There are no companion seats here. Please sign your companion up, too."),
    Cannot.PICK_UP: _l("Nobody is picked up for this activity. Please ask the desk how to get there."),
    Cannot.NO_DOOR: _l("We do not know where to pick you up. Please tell the desk your building and door."),
}
FIELDS = {Cannot.COMPANION: "companion", Cannot.PICK_UP: "pick_up", Cannot.NO_DOOR: "pick_up"}


def asked_on(roster_state: RosterState) -> Asked:
    """What a roster asks of whoever signs up now."""
    return asked_of(
        audience=roster_state.roster.audience,
        pools=roster_state.pools,
        has_pick_up=roster_state.activity.has_pick_up,
        access_need_only=roster_state.roster.access_need_only,
        questions=roster_state.roster.asked,
    )


def has_door(person: Person) -> bool:
    """Whether it is known where somebody can be picked up."""
    return bool(person.building_id and person.door)


def refusals(roster_state: RosterState, wanted: PlaceRequest, person: Person) -> list[DomainError]:
    """Every need that cannot be met and every answer that is missing or wrong, each for the field it is about."""
    asked = asked_on(roster_state)
    extras = {"wants_companion": wanted.wants_companion, "wants_pick_up": wanted.wants_pick_up}
    cannot = impossible(asked, has_door=has_door(person), **extras)
    errors: list[DomainError] = [RuleBroken(WORDS[each], field=FIELDS[each]) for each in cannot]
    known = {question.id: question for question in asked.questions}
    for number in wrong_answers(asked.questions, wanted.answers):
        question = known.get(number)
        if question is None:
            words = _l("The questions have changed meanwhile. Please look at them again.")
            errors.append(RuleBroken(words, field="answers"))
            continue
        says = _l("Please answer: %(question)s", question=in_language(question.words, question.words_en))
        if len(wanted.answers.get(number, "").strip()) > ANSWER_MOST:
            says = _l("At most %(most)s characters, please.", most=ANSWER_MOST)
        errors.append(RuleBroken(says, field=f"q{number}"))
    return errors


def keep_answers(sign_up: SignUp, answers: Mapping[int, str]) -> None:
    """Write down what somebody says; what is left empty now is taken away."""
    if not answers:
        return
    said = {number: says.strip() for number, says in answers.items()}
    for old in list(sign_up.answers):
        if old.question_id in said:
            new = said.pop(old.question_id)
            if new:
                old.says = new
            else:
                db.session.delete(old)
    db.session.add_all(
        Answer(sign_up_id=sign_up.id, question_id=number, says=says) for number, says in said.items() if says
    )
    db.session.flush()
    db.session.expire(sign_up, ["answers"])
