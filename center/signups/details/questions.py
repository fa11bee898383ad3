"""The questions of a roster: asked, put differently, no longer asked. Never commits.

Once somebody has answered a question it means what they answered: it may be retired, and another one asked instead.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from center.kernel.db import db, must_find
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.logs import log
from center.kernel.sealed import refuse_unless_same
from center.people.models import Person
from center.signups.models import Answer, Question, QuestionKind, Roster
from center.signups.roster_state import hold

MOST_QUESTIONS = 5
MOST_CHOICES, LONGEST_CHOICE = 12, 60


@dataclass(frozen=True, kw_only=True)
class QuestionFacts:
    """Something to ask of everybody who signs up."""

    kind: QuestionKind
    words: str
    words_en: str = ""
    choices: str = ""
    is_required: bool = False


def add_question(roster: Roster, facts: QuestionFacts, *, by: Person) -> Question:
    """Ask one thing more of everybody who signs up from now on; asking the very same twice is asking it once."""
    hold(roster)
    db.session.expire(roster, ["questions"])
    if same := next((each for each in roster.asked if facts_of(each) == facts), None):
        return same
    _refuse_one_too_many(roster)
    refuse_unclear(facts)
    question = Question(roster_id=roster.id, position=len(roster.questions) + 1, **asdict(facts))
    db.session.add(question)
    db.session.flush()
    db.session.expire(roster, ["questions"])
    log.info("question_added", question=question.id, roster=roster.id, by=by.id)
    return question


def change_question(question: Question, facts: QuestionFacts, *, by: Person, was: QuestionFacts | None = None) -> None:
    """Put a question differently; raises Conflict once somebody has answered it, or where it is not as it `was`."""
    hold(_roster_of(question))
    db.session.refresh(question)
    if facts_of(question) == facts:
        return
    refuse_unless_same(was, facts_of(question))
    _refuse_once_answered(question)
    refuse_unclear(facts)
    for name, value in asdict(facts).items():
        setattr(question, name, value)
    db.session.flush()
    log.info("question_changed", question=question.id, by=by.id)


def retire_question(question: Question, *, by: Person, now: datetime) -> None:
    """Ask it of nobody any more; what was answered stays. Twice is once."""
    hold(_roster_of(question))
    db.session.refresh(question)
    if question.retired_at is None:
        question.retired_at = now
        db.session.flush()
        log.info("question_retired", question=question.id, by=by.id)


def remove_question(question: Question, *, by: Person) -> None:
    """Let it be as if it had never been asked; raises Conflict once somebody has answered it."""
    roster = _roster_of(question)
    hold(roster)
    _refuse_once_answered(question)
    log.info("question_removed", question=question.id, by=by.id)
    db.session.delete(question)
    db.session.flush()
    db.session.expire(roster, ["questions"])


def ask_again(question: Question, *, by: Person) -> None:
    """Ask it once more, as before. Twice is once."""
    roster = _roster_of(question)
    hold(roster)
    db.session.refresh(question)
    if question.retired_at is not None:
        _refuse_one_too_many(roster)
        question.retired_at = None
        db.session.flush()
        log.info("question_asked_again", question=question.id, by=by.id)


def get_question(roster: Roster, question_id: int) -> Question:
    """A question of this roster; raises NotFound."""
    query = select(Question).where(Question.id == question_id, Question.roster_id == roster.id)
    return must_find(db.session.scalar(query), _l("There is no such question."))


def find_question(question_id: int) -> Question | None:
    """The question with this id, if it is still there."""
    return db.session.get(Question, question_id)


def get_question_of(activity_id: int, question_id: int) -> Question:
    """A question of any roster of this activity; raises NotFound."""
    query = select(Question).join(Roster).where(Question.id == question_id, Roster.activity_id == activity_id)
    return must_find(db.session.scalar(query), _l("There is no such question."))


def count_answers(question_ids: Collection[int]) -> dict[int, int]:
    """How many have answered each of these questions."""
    query = select(Answer.question_id, func.count()).where(Answer.question_id.in_(sorted(question_ids)))
    return {row[0]: row[1] for row in db.session.execute(query.group_by(Answer.question_id))}


def facts_of(question: Question) -> QuestionFacts:
    """What is asked, as it was written."""
    return QuestionFacts(**{name: getattr(question, name) for name in QuestionFacts.__dataclass_fields__})


def refuse_unclear(facts: QuestionFacts) -> None:
    """Raises RuleBroken where a question has no words, or nothing to choose from."""
    if not facts.words.strip():
        raise RuleBroken(_l("Please fill this in."), field="words")
    if facts.kind is not QuestionKind.CHOICE:
        return
    lines = [line.strip() for line in facts.choices.split("\n") if line.strip()]
    if len(set(lines)) < 2:
        raise RuleBroken(_l("Please write at least two choices, one a line."), field="choices")
    if len(lines) > MOST_CHOICES or max(map(len, lines)) > LONGEST_CHOICE:
        words = _l("At most %(most)s choices of %(long)s characters, please.", most=MOST_CHOICES, long=LONGEST_CHOICE)
        raise RuleBroken(words, field="choices")


def _refuse_once_answered(question: Question) -> None:
    if count_answers([question.id]).get(question.id):
        raise Conflict(_l("Somebody has answered it, so it stays as it is. Stop asking it, and ask another one."))


def _roster_of(question: Question) -> Roster:
    query = select(Roster).where(Roster.id == question.roster_id).options(joinedload(Roster.activity))
    return db.session.scalars(query).one()


def _refuse_one_too_many(roster: Roster) -> None:
    db.session.expire(roster, ["questions"])
    if len(roster.asked) >= MOST_QUESTIONS:
        raise RuleBroken(_l("At most %(most)s questions, so that people finish the form.", most=MOST_QUESTIONS))
