"""The form of a term's rules: by what they are about, each line a paragraph."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from wtforms import Field, SelectField

from center.afterschool.models.priorities import Priority
from center.afterschool.models.terms import Topic
from center.afterschool.terms.precedence import USUAL
from center.afterschool.terms.rulebook import TOPICS, ParagraphText
from center.afterschool.words import PRIORITIES
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.web.editing import EditingForm
from center.web.forms import long_text_field

NONE = "0"  # in place of a number: the reason does not count in this term


def _said(words: Any, *, required: bool = True) -> Field:
    return long_text_field(words, most=4_000, required=required)


def _in_english() -> Field:
    return long_text_field(_l("The same in English"), most=4_000)


def _rank(reason: Priority) -> Field:
    choices = [(str(n), str(n)) for n in range(1, len(USUAL) + 1)]
    return SelectField(PRIORITIES[reason], choices=[*choices, (NONE, _l("does not count"))])


class RulesForm(EditingForm):
    """The rules of a term, by what they are about, each line a paragraph."""

    who, who_en = _said(_l("Who may come")), _in_english()
    priority, priority_en = _said(_l("Who comes first")), _in_english()
    ends, ends_en = _said(_l("What ends a place")), _in_english()
    cut_off, cut_off_en = _said(_l("Until when a day can be changed")), _in_english()
    collection, collection_en = _said(_l("How children go home")), _in_english()
    late, late_en = _said(_l("When a child is collected late")), _in_english()
    other, other_en = _said(_l("Something else"), required=False), _in_english()

    rank_left_behind = _rank(Priority.LEFT_BEHIND)
    rank_hardship = _rank(Priority.HARDSHIP)
    rank_new_employment = _rank(Priority.NEW_EMPLOYMENT)
    rank_sibling = _rank(Priority.SIBLING)
    rank_both_work = _rank(Priority.BOTH_WORK)

    @property
    def ranks(self) -> list[Field]:
        """The place of each reason for priority in the order."""
        return [self[f"rank_{each}"] for each in USUAL]

    def order(self) -> list[Priority]:
        """The reasons that count, in their order; raises RuleBroken where two have the same place in it."""
        chosen = {each: self[f"rank_{each}"].data for each in USUAL}
        counting = sorted((each for each in USUAL if chosen[each] != NONE), key=lambda each: int(chosen[each]))
        for one, other in pairwise(counting):
            if chosen[one] == chosen[other]:
                raise RuleBroken(_l("Two reasons have the same place in the order."), field=f"rank_{other}")
        return counting

    def said(self) -> list[ParagraphText]:
        """The paragraphs as they were typed; raises RuleBroken where the two languages do not go together."""
        found = []
        for topic in TOPICS:
            words, english = (_lines(self[f"{topic.value}{end}"].data) for end in ("", "_en"))
            if english and len(english) != len(words):
                sentence = _l("As many lines as in Chinese, please, or none: they belong together line by line.")
                raise RuleBroken(sentence, field=f"{topic.value}_en")
            pairs = zip(words, english or [""] * len(words), strict=True)
            found += [ParagraphText(topic=topic, words=one, words_en=other) for one, other in pairs]
        return found


def shown_rules(paragraphs: Sequence[Any], order: Sequence[Priority]) -> Mapping[str, str]:
    """Paragraphs and the order of reasons as the form shows them."""
    shown = {f"rank_{each}": str(order.index(each) + 1) if each in order else NONE for each in USUAL}
    for topic in TOPICS:
        mine = [each for each in paragraphs if each.topic is topic]
        shown[topic.value] = "\n".join(each.words for each in mine)
        has_english = any(each.words_en for each in mine)
        shown[f"{topic.value}_en"] = "\n".join(each.words_en for each in mine) if has_english else ""
    return shown


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def rule_fields() -> list[tuple[Topic, str, str]]:
    """The fields of the rules, by what they are about."""
    return [(topic, topic.value, f"{topic.value}_en") for topic in TOPICS]
