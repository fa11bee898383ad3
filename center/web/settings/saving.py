"""The way all of the staff's room pages save: one action, and a refusal shown where the clerk is."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue

from center.kernel.db import transaction
from center.kernel.errors import DomainError
from center.kernel.i18n import gettext as _
from center.kernel.sent import Sending, once
from center.kernel.settling import Settle
from center.rooms.owners import with_owners
from center.rooms.uses import InUse
from center.web.editing import hold, status_of, watch
from center.web.forms import BaseForm
from center.web.settings.uses_in_the_way.asking import AskedDecisions, where_next


def watch_row(kind: Any, row: Any, **more: Any) -> Any:
    """The form of a row as it is now (`watch`); where there is none yet, of something new."""
    if row is None:
        return kind(data=kind.shown(None, **more))
    return watch(lambda **given: kind(data=kind.shown(row), **given))


def save(
    form: BaseForm, template: str, *, change: Callable[[], object], then: str, makes: bool = False, **shown: object
) -> ResponseReturnValue:
    """Show a form. Once it is sent and sound, make the change and go on; a refusal comes back on the form.

    Live uses that stand in the way are shown under it as `uses`. What `makes` something new does so once.
    """
    uses: object = ()
    if form.validate_on_submit():
        try:
            with transaction(), once(then=then) if makes else nullcontext():
                hold(form)
                change()
            flash(_("Saved."), "ok")
            return redirect(then)
        except DomainError as error:
            form.refuse(error)
            uses = with_owners(error.uses) if isinstance(error, InUse) else ()
    return render_template(template, form=form, uses=uses, **shown), status_of(form)


def save_settled(
    form: BaseForm,
    template: str,
    *,
    change: Callable[[Settle], object],
    then: str,
    makes: bool = False,
    **shown: object,
) -> ResponseReturnValue:
    """Like `save`, for a change that may shut rooms: the uses in its way are listed, and staff choose for each."""
    chosen = AskedDecisions()
    if form.validate_on_submit():
        try:
            with transaction(), once(then=then) if makes else nullcontext(Sending()) as sending:
                hold(form)
                chosen.hold()
                change(chosen)
                sending.then = where_next(chosen, then)
            flash(_("Saved."), "ok")
            return redirect(where_next(chosen, then))
        except DomainError as error:
            form.refuse(error)
            if page := chosen.page(error, back=then):
                return page
    return render_template(template, form=form, **shown), status_of(form)


def press_settled(change: Callable[[Settle], object], *, then: str) -> ResponseReturnValue:
    """Like `press`, for a change that may shut rooms."""
    chosen = AskedDecisions()
    try:
        with transaction():
            chosen.hold()
            change(chosen)
    except DomainError as error:
        page = chosen.page(error, back=then)
        return page or (
            render_template("settings/rooms/refused.html", message=error.message, uses=(), back=then),
            error.status,
        )
    flash(_("Saved."), "ok")
    return redirect(where_next(chosen, then))


def press(change: Callable[[], object], *, then: str) -> ResponseReturnValue:
    """Do what a single button asks and go on; a refusal is a page that says why, with the uses in the way."""
    try:
        with transaction():
            change()
    except DomainError as error:
        uses = with_owners(error.uses) if isinstance(error, InUse) else ()
        return render_template("settings/rooms/refused.html", message=error.message, uses=uses, back=then), error.status
    flash(_("Saved."), "ok")
    return redirect(then)
