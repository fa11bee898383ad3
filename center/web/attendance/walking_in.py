"""The page on which somebody without a place is let in; the desk and leads find people in their own ways."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import BooleanField
from wtforms.widgets import HiddenInput

from center.activities.models import Session
from center.attendance import households, queries, walk_ins
from center.attendance.models import AttendanceEvent, Register
from center.kernel import clock
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person
from center.web.attendance.access import may_override, may_sign
from center.web.forms import BaseForm, text_field
from center.web.rendering import render
from center.web.sending import is_done


class LetInForm(BaseForm):
    """Who is let in, and where there is no place for them, why."""

    override = BooleanField(widget=HiddenInput())
    reason = text_field(
        _l("Why they may come in all the same"),
        most=200,
        hint=_l("It stays with the register, with your name."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reason.flags.optional = False  # where it is asked for it has to be given

    def validate(self, extra_validators: Any = None) -> bool:
        """Whoever is let in without a place is let in for a reason."""
        valid = super().validate(extra_validators)
        if self.override.data and not self.reason.data:
            self.say_refusal("reason", _l("Please fill this in."))
            return False
        return valid


@dataclass(frozen=True, kw_only=True)
class WalkInPage:
    """Whom one looks for, and what stands against letting them in."""

    session: Session
    register: Register | None
    text: str
    found: Sequence[Person]
    left: tuple[int, int] | None  # places free, people waiting
    person: Person | None  # who was refused
    form: LetInForm
    may_override: bool
    may_sign: bool
    is_desk: bool  # the whole centre is searched, and somebody new can be written down
    address: str


def walk_in_page(session: Session, text: str, found: Sequence[Person], *, is_desk: bool) -> ResponseReturnValue:
    """Show who was found; let in whoever was chosen from them, or say what stands against it."""
    form, person = LetInForm(), _chosen(found)

    def let_in() -> AttendanceEvent:
        reason = form.reason.data if form.override.data and may_override(session) else ""
        assert person is not None
        return walk_ins.let_in(session, person, reason=reason or "", by=current_user.person, now=clock.now())

    if person is not None and is_done(form, let_in):
        return _go_on(session, person, is_desk=is_desk)
    page = render(
        "shared/attendance/walk_in.html",
        WalkInPage(
            session=session,
            register=queries.find_register(session.id),
            text=text,
            found=found,
            left=walk_ins.places_left(session),
            person=person,
            form=form,
            may_override=may_override(session),
            may_sign=may_sign(session),
            is_desk=is_desk,
            address=request.path,
        ),
    )
    return page, form.status


def _chosen(found: Sequence[Person]) -> Person | None:
    """Whoever was chosen of those who were found; nobody else can be let in by their number."""
    return next((each for each in found if str(each.id) == request.form.get("person")), None)


def _go_on(session: Session, person: Person, *, is_desk: bool) -> ResponseReturnValue:
    flash(_("%(name)s is here.", name=person.name), "ok")
    at: dict[str, Any] = {"slug": session.activity.slug, "date_id": session.id}
    if households.beside(session, person, now=clock.now()):
        to = url_for("posting.register", **at, together=person.id, _anchor=f"household-{person.id}")
    elif is_desk:
        to = url_for("desk.walk_in", date_id=session.id)
    else:
        to = url_for("posting.register", **at, _anchor=f"person-{person.id}")
    return redirect(to, 303)
