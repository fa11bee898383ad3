"""How the staff's settings are saved where a change may shut rooms, and what a refused button shows."""

from collections.abc import Callable
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from center.kernel.errors import DomainError
from center.kernel.i18n import gettext as _
from center.kernel.settling import Settle
from center.rooms.owners import with_owners
from center.rooms.uses import InUse
from center.web.editing import watch
from center.web.forms import BaseForm
from center.web.sending import form_page, go_on, is_done, refusal_of
from center.web.settings.uses_in_the_way.asking import AskedDecisions, where_next


def watch_row(kind: Any, row: Any, **more: Any) -> Any:
    """The form of a row as it is now (`watch`); where there is none yet, of something new."""
    if row is None:
        return kind(data=kind.shown(None, **more))
    return watch(lambda **given: kind(data=kind.shown(row), **given))


def save_settled(
    form: BaseForm,
    template: str,
    *,
    change: Callable[[Settle], object],
    then: str,
    makes: bool = False,
    said: str = "",
    **shown: object,
) -> ResponseReturnValue:
    """A form for a change that may shut rooms: the uses in its way are listed, and staff choose for each.

    What `makes` something new does so once.
    """
    chosen = AskedDecisions()
    if is_done(form, lambda: chosen.make_true(change), then=(lambda _made: where_next(chosen, then)) if makes else ""):
        return go_on(said or _("Saved."), where_next(chosen, then))
    asked = chosen.page(form.refusal, back=then) if form.refusal else None
    return asked or form_page(template, form, **shown)


def press_settled(change: Callable[[Settle], object], *, then: str, said: str = "") -> ResponseReturnValue:
    """Like `press`, for a change that may shut rooms."""
    chosen = AskedDecisions()
    if error := refusal_of(lambda: chosen.make_true(change)):
        return chosen.page(error, back=then) or _refused(error, then)
    return go_on(said or _("Saved."), where_next(chosen, then))


def press(change: Callable[[], object], *, then: str) -> ResponseReturnValue:
    """Do what a single button asks and go on; a refusal is a page that says why, with the uses in the way."""
    error = refusal_of(change)
    return _refused(error, then) if error else go_on(_("Saved."), then)


def _refused(error: DomainError, then: str) -> ResponseReturnValue:
    uses = with_owners(error.uses) if isinstance(error, InUse) else ()
    return render_template("settings/rooms/refused.html", message=error.message, uses=uses, back=then), error.status
