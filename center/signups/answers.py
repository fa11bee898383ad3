"""What a sign-up form shows of a roster and asks of each person, and what they answered."""

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from center.activities.models import Session
from center.activities.words import fee_of, where
from center.kernel.db import db
from center.kernel.errors import DomainError, RuleBroken
from center.kernel.i18n import format_span, in_language
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.sealed import Fact
from center.people.households import has_door
from center.people.models import Person
from center.signups.models import Answer, Audience, Pool, PoolKind, Question, QuestionKind, SignUp
from center.signups.roster_state import RosterState
from center.signups.sign_up_request import PlaceRequest
from center.signups.words import MODE_NAMES

ANSWER_MOST = 200
YES, NO = "yes", "no"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked of each person on the form of one roster."""

    wheelchair: bool = False
    companion: bool = False
    pick_up: bool = False
    access_need: bool = False
    questions: Sequence[Question] = ()

    @property
    def is_anything(self) -> bool:
        """Whether there is more to say than who comes."""
        return bool(self.wheelchair or self.companion or self.pick_up or self.access_need or self.questions)


class Cannot(enum.StrEnum):
    """Why a need cannot be met, whoever has it."""

    COMPANION = "companion"
    NO_DOOR = "no_door"
    PICK_UP = "pick_up"


CANNOT = {  # in words, and the field it is about
    Cannot.COMPANION: (_l("There are no companion seats here. Please sign your companion up, too."), "companion"),
    Cannot.PICK_UP: (
        _l("Nobody is picked up for this activity. Please ask the desk how to get there."),
        "pick_up",
    ),
    Cannot.NO_DOOR: (
        _l("We do not know where to pick you up. Please tell the desk your building and door."),
        "pick_up",
    ),
}
OFFERED = {
    "pick_up": _l("Pick-up at home"),
    "companion": _l("Companion seats"),
    "wheelchair": _l("Wheelchair places"),
    "access_need": _l("Only for people with an access need"),
}


def asked_on(roster_state: RosterState) -> Asked:
    """What a roster asks of whoever signs up now."""
    return asked_of(
        audience=roster_state.roster.audience,
        pools=roster_state.pools,
        has_pick_up=roster_state.activity.has_pick_up,
        access_need_only=roster_state.roster.access_need_only,
        questions=roster_state.roster.asked,
    )


def asked_of(
    *,
    audience: Audience,
    pools: Iterable[Pool],
    has_pick_up: bool,
    access_need_only: bool,
    questions: Sequence[Question],
) -> Asked:
    """What is asked: seats only where there are such, a pick-up only where it is offered, a need only where it counts.

    Whoever drives must know of a wheelchair, so it is asked with a pick-up, too. Pure.
    """
    kinds = {pool.kind for pool in pools if pool.capacity or pool.kind is not PoolKind.COMPANION}
    pick_up = has_pick_up and audience is Audience.PARTICIPANTS
    return Asked(
        wheelchair=PoolKind.WHEELCHAIR in kinds or pick_up,
        companion=PoolKind.COMPANION in kinds,
        pick_up=pick_up,
        access_need=access_need_only,
        questions=tuple(questions),
    )


def facts_of_date(roster_state: RosterState) -> dict[str, Fact]:
    """What a page shows before somebody says yes to a place: when and where it is, and what it costs."""
    activity, facts = roster_state.activity, dict[str, Fact]()
    for each in roster_state.sessions:
        facts[f"date:{each.id}"] = _date(each)
        facts[f"place:{each.id}"] = _place(each)
    facts["fee"] = Fact(activity.fee, _l("Costs"), lambda: str(fee_of(activity)))
    facts["bring"] = Fact(activity.bring, _l("Bring along"), lambda: activity.bring)
    return facts


def facts_of_form(roster_state: RosterState) -> dict[str, Fact]:
    """The same with how places are given and with all that is asked."""
    mode, asked = roster_state.roster.mode, asked_on(roster_state)
    facts = facts_of_date(roster_state)
    facts["mode"] = Fact(mode, _l("How places are given"), lambda: str(MODE_NAMES[mode]))
    for name, label in OFFERED.items():
        if getattr(asked, name):
            facts[name] = Fact("1", label, lambda: _("Yes"))
    return facts | {f"q{each.id}": _question(each) for each in asked.questions}


def impossible(asked: Asked, *, wants_companion: bool, wants_pick_up: bool, has_door: bool) -> list[Cannot]:
    """Which needs this roster cannot meet. Pure."""
    found = []
    if wants_companion and not asked.companion:
        found.append(Cannot.COMPANION)
    if wants_pick_up and not asked.pick_up:
        found.append(Cannot.PICK_UP)
    elif wants_pick_up and not has_door:
        found.append(Cannot.NO_DOOR)
    return found


def wrong_answers(questions: Sequence[Question], answers: Mapping[int, str]) -> list[int]:
    """The questions that are not answered as they must be; an answer to somebody else's question is under its id."""
    known = {question.id: question for question in questions}
    wrong = [number for number in answers if number not in known]
    return wrong + [q.id for q in questions if not _is_answered(q, answers.get(q.id, "").strip())]


def choices_of(question: Question) -> list[str]:
    """What one may choose, as it is written, one a line."""
    return [line.strip() for line in question.choices.splitlines() if line.strip()]


def refusals_of_answers(roster_state: RosterState, wanted: PlaceRequest, person: Person) -> list[DomainError]:
    """Every need that cannot be met and every answer that is missing or wrong, each for the field it is about."""
    asked = asked_on(roster_state)
    needs = {"wants_companion": wanted.wants_companion, "wants_pick_up": wanted.wants_pick_up}
    cannot = [CANNOT[each] for each in impossible(asked, has_door=has_door(person), **needs)]
    errors: list[DomainError] = [RuleBroken(words, field=field) for words, field in cannot]
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


def _is_answered(question: Question, says: str) -> bool:
    if not says:
        return not question.is_required
    if question.kind is QuestionKind.CHOICE:
        return says in choices_of(question)
    if question.kind is QuestionKind.YES_NO:
        return says in {YES, NO}
    return len(says) <= ANSWER_MOST


def _date(session: Session) -> Fact:
    span = (session.starts_at, session.ends_at)
    return Fact("/".join(str(int(each.timestamp())) for each in span), _l("Date"), lambda: format_span(*span))


def _place(session: Session) -> Fact:
    value = repr((session.room_id, session.place, session.activity.place, session.activity.place_en))
    return Fact(value, _l("Place"), lambda: where(session))


def _question(question: Question) -> Fact:
    value = (question.words, question.words_en, question.kind.value, question.choices, question.is_required)
    return Fact(repr(value), _l("Question"), lambda: _question_words(question))


def _question_words(question: Question) -> str:
    words, choices = in_language(question.words, question.words_en), choices_of(question)
    listed = _(", ").join(choices)
    return f"{words} ({listed})" if choices else words
