"""Rules to begin with, in words that the director changes: nothing of them is published by itself."""

from collections.abc import Callable

from center.afterschool.models.terms import Term, Topic
from center.afterschool.terms.rulebook import ParagraphText
from center.kernel.i18n import format_clock, speaking
from center.kernel.i18n import gettext as _


def usual_rules(term: Term) -> list[ParagraphText]:
    """What most centres say, with the numbers of this term, in both languages."""
    return [
        ParagraphText(topic=topic, words=_in("zh", say), words_en=_in("en", say))
        for topic, say in [*_of_places(), *_of_days(term)]
    ]


def _of_places() -> list[tuple[Topic, Callable[[], str]]]:
    return [
        (Topic.WHO, lambda: _("Children of primary school who live or go to school in the community.")),
        (
            Topic.PRIORITY,
            lambda: _(
                "First come children with a reason that staff have accepted, in the order that is published with "
                "these rules; among equals, and for all others, the lot decides."
            ),
        ),
        (
            Topic.ENDS,
            lambda: _("A place ends when the guardians give it up, or after ten days of absence without a word."),
        ),
    ]


def _of_days(term: Term) -> list[tuple[Topic, Callable[[], str]]]:
    return [
        (
            Topic.CUT_OFF,
            lambda: _(
                "A day can be changed with the account until %(time)s; after that by phone only, and we ring back.",
                time=format_clock(term.cut_off),
            ),
        ),
        (
            Topic.COLLECTION,
            lambda: _("A child is handed over only to adults on the list, or to whom a guardian approves when rung."),
        ),
        (
            Topic.COLLECTION,
            lambda: _(
                "Alone a child goes home from %(age)s years on with a signed form; with a brother or sister of at "
                "least %(other)s years.",
                age=term.alone_age,
                other=term.sibling_age,
            ),
        ),
        (
            Topic.LATE,
            lambda: _(
                "We close at %(time)s. A child who is still here then is looked after; the guardians are rung, and it "
                "is written down. It costs nothing.",
                time=format_clock(term.closes),
            ),
        ),
    ]


def _in(code: str, say: Callable[[], str]) -> str:
    with speaking(code):
        return say()
