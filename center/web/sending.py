"""A form that was sent is checked and done: in one transaction, and refused where the clerk can read why."""

from collections.abc import Callable

from center.kernel.db import transaction
from center.kernel.errors import DomainError
from center.web.editing import hold
from center.web.forms import BaseForm


def is_done(form: BaseForm, act: Callable[[], object]) -> bool:
    """Whether the form was sent, is well filled in, and what it asks for was done."""
    if not form.validate_on_submit():
        return False
    try:
        with transaction():
            hold(form)
            act()
    except DomainError as error:
        form.refuse(error)
        return False
    return True
