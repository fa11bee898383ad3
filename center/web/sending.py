"""A form that was sent is checked and done: in one transaction, and refused where the clerk can read why.

The only place that turns what the domain refuses into something that is read, so that no page forgets one.
"""

from collections.abc import Callable, Collection, Sequence
from contextlib import nullcontext
from typing import Any, TypeVar

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue

from center.kernel.db import transaction
from center.kernel.errors import DomainError
from center.kernel.sent import Sending, once
from center.web.editing import hold
from center.web.forms import BaseForm

T = TypeVar("T")
Then = str | Callable[[Any], str]


def is_done(form: BaseForm, act: Callable[[], object], *, then: Then = "", transacts: bool = True) -> bool:
    """Whether the form was sent, is well filled in, and what it asks for was done.

    What makes something new says where it goes on (`then`, perhaps by what was made): the same form sent twice makes
    one thing, and goes there. With `transacts=False` the act ends its own transactions: what it counts stays counted
    when it refuses. What was refused stands on the form, and is its `refusal`.
    """
    return form.validate_on_submit() and not isinstance(_try_on(form, act, then, transacts), DomainError)


def result_of(form: BaseForm, act: Callable[[], T], *, then: Then = "", transacts: bool = True) -> T | None:
    """The same for an act whose result is needed; None where nothing was done."""
    if not form.validate_on_submit():
        return None
    made = _try_on(form, act, then, transacts)
    return None if isinstance(made, DomainError) else made


def tried(act: Callable[[], T], *, transacts: bool = True) -> T | DomainError:
    """Do what is asked without a form: its result, or what stands against it."""
    return _try(act, "", transacts)


def refusal_of(act: Callable[[], object], *, transacts: bool = True) -> DomainError | None:
    """Do what is asked without a form; returns what stands against it, if anything does."""
    made = _try(act, "", transacts)
    return made if isinstance(made, DomainError) else None


def did(act: Callable[[], T], said: str | Callable[[T], str] = "", *, transacts: bool = True) -> bool:
    """Do what a single button asks, and say so; False where it is refused, which is said, too."""
    made = _try(act, "", transacts)
    if isinstance(made, DomainError):
        for each in made.every:
            flash(str(each), "error")
        return False
    if words := said(made) if callable(said) else said:
        flash(words, "ok")
    return True


def go_on(said: str, to: str) -> ResponseReturnValue:
    """Say what was done, and go on there."""
    flash(said, "ok")
    return redirect(to, 303)


def next_below(listed: Sequence[str], done: Collection[str]) -> str:
    """What comes once some of a list is done: the next below the last of it, else above; "" where nothing is left."""
    places = [n for n, each in enumerate(listed) if each in done]
    if not places:
        return ""
    rest = [*listed[places[-1] :], *reversed(listed[: places[-1]])]
    return next((each for each in rest if each not in done), "")


def form_page(template: str, form: BaseForm, **shown: Any) -> ResponseReturnValue:
    """A page with a form, answered as the form stands."""
    return render_template(template, form=form, **shown), form.status


def _try_on(form: BaseForm, act: Callable[[], T], then: Then, transacts: bool) -> T | DomainError:
    def done() -> T:
        hold(form)
        return act()

    made = _try(done if transacts else act, then, transacts)
    if isinstance(made, DomainError):
        form.refusal = made
        form.refuse(made)
    return made


def _try(act: Callable[[], T], then: Then, transacts: bool) -> T | DomainError:
    try:
        if not transacts:
            return act()
        with transaction(), once(then="" if callable(then) else then) if then else nullcontext(Sending()) as sending:
            made = act()
            if callable(then):
                sending.then = then(made)
        return made
    except DomainError as error:
        write_afterwards(error)
        return error


def write_afterwards(error: DomainError) -> None:
    """Write down what is to be known of a refusal, now that nothing of what was asked for has been done."""
    if error.afterwards is not None:
        with transaction():
            error.afterwards()
