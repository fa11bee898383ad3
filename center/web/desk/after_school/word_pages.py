"""A page on which a guardian's word is written down: what it is, what it means, and how it was made sure of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from wtforms import Field

from center.afterschool.rights.guardian_rights import Deed
from center.afterschool.said_to_staff import Word
from center.kernel.errors import DomainError
from center.kernel.i18n import gettext as _
from center.web.after_school.calls import WordForm
from center.web.desk.after_school.on_the_line import OnTheLine
from center.web.rendering import render
from center.web.sending import go_on, is_done, refusal_of, tried

LOOK = "look"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a page asks: its title, what is read out, its fields, and what is said once it is done."""

    to: Deed  # what the guardian wants, which a paper may have taken from them
    title: str
    label: str
    done: str
    fields: Sequence[Field]
    lead: str = ""
    text: str = ""  # what the guardian agrees to, word for word
    is_grave: bool = False
    template: str = "desk/after_school/word.html"
    more: Any = None  # what a template of its own shows beside it


@dataclass(frozen=True, kw_only=True)
class WordPage:
    """The page as it stands."""

    line: OnTheLine
    asked: Asked
    form: WordForm
    effects: Sequence[str] | None  # what it comes to, once it was looked at
    looks_first: bool


@dataclass(frozen=True, kw_only=True)
class DirectorPage:
    """A guardian from whom a paper has taken this: the director decides."""

    line: OnTheLine
    why_not: object


def answer(
    line: OnTheLine,
    form: WordForm,
    act: Callable[[Word], object],
    asked: Asked,
    *,
    effects: Callable[[], Sequence[str]] | None = None,
    then: str = "",
    transacts: bool = True,
) -> ResponseReturnValue:
    """Ask, show what it comes to where there are `effects`, write it down, and go on where all that can be said is.

    A guardian from whom a paper has taken it is sent to the director, who hears of it. An act that ends its own
    transaction (`transacts=False`) has something slow to do before it.
    """
    if (why_not := line.why_not(asked.to)) is not None:
        status = 422 if request.method == "POST" and refusal_of(lambda: line.refuse(asked.to)) else 200
        return render("desk/after_school/director.html", DirectorPage(line=line, why_not=why_not)), status
    form.offer_numbers(line.child)
    found: Sequence[str] | None = None
    if effects is not None and request.form.get("press") == LOOK:
        found = _looked_at(line, form, effects)
    elif is_done(form, lambda: act(form.word(line.guardian, by=line.clerk)), then=then, transacts=transacts):
        return go_on(asked.done, then or line.matters)
    page = WordPage(line=line, asked=asked, form=form, effects=found, looks_first=effects is not None)
    return render(asked.template, page), form.exact_status


def _looked_at(line: OnTheLine, form: WordForm, effects: Callable[[], Sequence[str]]) -> Sequence[str] | None:
    """What it would come to, with nothing done; None where something stands against it."""
    if not form.validate_on_submit():
        return None

    def look() -> Sequence[str]:
        word = form.word(line.guardian, by=line.clerk)
        number = word.check(line.child, now=line.now)
        return [*effects(), _whose(line, word, number)]

    found = tried(look)
    if isinstance(found, DomainError):
        form.refusal = found
        form.refuse(found)
        return None
    return found


def _whose(line: OnTheLine, word: Word, number: str) -> str:
    if word.paper:
        return _("%(name)s says so on a signed paper: %(paper)s.", name=line.guardian_name, paper=word.paper)
    if not number:
        return _("%(name)s says so and stands here.", name=line.guardian_name)
    return _("%(name)s says so on the phone and was rung back on %(number)s.", name=line.guardian_name, number=number)
