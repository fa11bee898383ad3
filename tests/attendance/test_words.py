"""Every answer to a check-in has its words, and no two the same."""

from center.attendance.answers import Answer
from center.attendance.words import ANSWER_HINTS, ANSWER_NAMES


def test_every_answer_is_called_something_else() -> None:
    assert set(ANSWER_NAMES) == set(ANSWER_HINTS) == set(Answer)
    assert len({str(name) for name in ANSWER_NAMES.values()}) == len(Answer)
    assert len({str(hint) for hint in ANSWER_HINTS.values()}) == len(Answer)
