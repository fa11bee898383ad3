"""A form that was sent is checked and done: in one transaction, and refused where the clerk can read why."""

from collections.abc import Callable
from contextlib import nullcontext

from flask import flash

from center.kernel.db import transaction
from center.kernel.errors import DomainError
from center.kernel.sent import once
from center.web.editing import hold
from center.web.forms import BaseForm


def is_done(form: BaseForm, act: Callable[[], object], *, then: str = "") -> bool:
    """Whether the form was sent, is well filled in, and what it asks for was done.

    What makes something new says where it goes on (`then`): the same form sent twice makes one thing, and goes there.
    """
    if not form.validate_on_submit():
        return False
    try:
        with transaction(), once(then=then) if then else nullcontext():
            hold(form)
            act()
    except DomainError as error:
        form.refuse(error)
        return False
    return True


def did(act: Callable[[], object], said: str) -> bool:
    """Do what a single button asks, and say so; False where it is refused, which is said, too."""
    try:
        with transaction():
            act()
    except DomainError as error:
        flash(str(error), "error")
        return False
    flash(said, "ok")
    return True
