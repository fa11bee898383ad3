"""How the staff's settings are saved, and what a refused button shows."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from center.kernel.errors import DomainError
from center.kernel.i18n import gettext as _
from center.rooms.owners import with_owners
from center.rooms.uses import InUse
from center.web.editing import watch
from center.web.forms import BaseForm
from center.web.sending import form_page, go_on, is_done, refusal_of


def watch_row(kind: Any, row: Any, **more: Any) -> Any:
    """The form of a row as it is now (`watch`); where there is none yet, of something new."""
    if row is None:
        return kind(data=kind.shown(None, **more))
    return watch(lambda **given: kind(data=kind.shown(row), **given))


def save(
    form: BaseForm,
    template: str,
    change: Callable[[], object],
    *,
    then: str,
    makes: bool = False,
    said: str = "",
    **shown: object,
) -> ResponseReturnValue:
    """A form of settings: shown, or well filled in and done. What `makes` something new does so once."""
    if is_done(form, change, then=then if makes else ""):
        return go_on(said or _("Saved."), then)
    return form_page(template, form, **shown)


def save_rule(
    form: BaseForm,
    title: str,
    order: Sequence[str],
    change: Callable[[], object],
    *,
    then: str,
    makes: bool,
    lead: str = "",
) -> ResponseReturnValue:
    """The form of one rule, with its fields in this order."""
    page = "settings/rooms/rule_form.html"
    return save(form, page, change, then=then, makes=makes, order=order, title=title, lead=lead, back=then)


def press(change: Callable[[], object], *, then: str) -> ResponseReturnValue:
    """Do what a single button asks and go on; a refusal is a page that says why, with the uses in the way."""
    error = refusal_of(change)
    return refused_page(error, then) if error else go_on(_("Saved."), then)


def refused_page(error: DomainError, then: str) -> ResponseReturnValue:
    """Why something was not done, with the uses in the way."""
    uses = with_owners(error.uses) if isinstance(error, InUse) else ()
    return render_template("settings/rooms/refused.html", message=error.message, uses=uses, back=then), error.status
