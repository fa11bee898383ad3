"""A register closed and signed, put right with a reason, what was written down in it, and all of it on paper."""

from collections.abc import Mapping
from typing import ClassVar

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import BooleanField, RadioField, TimeField
from wtforms.validators import DataRequired, Optional

from center.activities.models import Session
from center.attendance import queries, registers
from center.attendance.known import presence_of
from center.attendance.models import Amendment, Status
from center.attendance.policy import is_desk
from center.attendance.queries import RegisterLine
from center.attendance.status_words import STATUS_NAMES
from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.access_log import Kind
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.organisations.queries import members_among
from center.people.models import Person
from center.people.records import get_person
from center.web.attendance import lines as rolls
from center.web.attendance.access import signed, taken
from center.web.attendance.times import clock_of, moment_of
from center.web.blueprints import posting as blueprint
from center.web.editing import EditingForm, watch
from center.web.forms import BaseForm, long_text_field, text_field
from center.web.people import looks
from center.web.sending import form_page, go_on, is_done

BECOMES = (Status.PRESENT, Status.LATE, Status.LEFT, Status.ON_LEAVE, Status.ABSENT)


class CloseForm(BaseForm):
    """What stands beneath the register, and the signature."""

    remark = long_text_field(_l("Remark"), most=300, hint=_l("What should be known later. Nothing about illness."))
    is_signed = BooleanField(
        _l("I sign: what stands here is so, as far as I know"),
        validators=[DataRequired(_l("Please tick this: with it you sign."))],
    )


class AmendForm(EditingForm):
    """What somebody really was, and why it is changed; of two at once the second is shown what the first wrote."""

    refused_at: ClassVar[Mapping[str, str]] = {"status": "becomes"}

    becomes = RadioField(_l("They were"), choices=[(each.value, STATUS_NAMES[each]) for each in BECOMES])
    arrived_at = TimeField(_l("Came at"), validators=[Optional()], description=_l("Empty: when it began."))
    left_at = TimeField(
        _l("Left at"), validators=[Optional()], description=_l("Only for who left. Empty: when it ended.")
    )
    reason = text_field(_l("Reason"), most=200, hint=_l("It stays with the register, with your name."))


@blueprint.route("/workspace/activities/<slug>/sessions/<id:date_id>/register/close", methods=["GET", "POST"])
@signed_in
def close_register(slug: str, date_id: int) -> ResponseReturnValue:
    """Close the register and sign it: whoever is missing was absent."""
    session, now = signed(slug, date_id), clock.now()
    form, back = CloseForm(), url_for("posting.register", slug=slug, date_id=date_id)
    act = lambda: registers.close(session, remark=form.remark.data or "", by=current_user.person, now=now)  # noqa: E731
    if is_done(form, act):
        return go_on(_("The register is closed, and signed by you."), back)
    lines = rolls.lines_of(session, is_open=True, is_early=False, now=now)
    looks.see(Kind.ROLL, [each.person for each in lines], subject=session.activity.title)
    return form_page(
        "workspace/register/close.html",
        form,
        session=session,
        register=queries.find_register(session.id),
        missing=[each for each in lines if each.waits],
        counts=rolls.count(lines),
        signer=current_user.person.name,
    )


@blueprint.route(
    "/workspace/activities/<slug>/sessions/<id:date_id>/register/people/<id:person_id>", methods=["GET", "POST"]
)
@signed_in
def amend(slug: str, date_id: int, person_id: int) -> ResponseReturnValue:
    """Put right what a signed register says of somebody."""
    session = signed(slug, date_id)
    person, before = _whom(session, person_id)
    back = url_for("posting.register", slug=slug, date_id=date_id, _anchor=f"say-{person_id}")
    form = watch(lambda **given: AmendForm(data=_values(_whom(session, person_id)[1]), **given))
    if is_done(form, lambda: _put_right(session, person, form)):
        return go_on(_("Put right, with your reason: %(name)s.", name=person.name), back)
    looks.see(Kind.ROLL, [person], subject=session.activity.title)
    return form_page("workspace/register/amend.html", form, session=session, person=person, before=before, back=back)


@blueprint.get("/workspace/activities/<slug>/sessions/<id:date_id>/register/written")
@signed_in
def written_down(slug: str, date_id: int) -> ResponseReturnValue:
    """What was written down: who came or left, how it was recorded, by whom and when; and what was put right."""
    session = taken(slug, date_id)
    events, amendments = queries.events_of(session), queries.amendments_of(session)
    named = {*(each.person for each in events), *(each.person for each in amendments)}
    looks.see(Kind.ROLL, named, subject=session.activity.title)
    return render_template(
        "workspace/register/written.html",
        session=session,
        register=queries.find_register(session.id),
        events=events,
        amendments=amendments,
    )


@blueprint.get("/workspace/activities/<slug>/sessions/<id:date_id>/register/print")
@signed_in
def print_register(slug: str, date_id: int) -> ResponseReturnValue:
    """The register on paper, as it was signed."""
    session, now = taken(slug, date_id), clock.now()
    lines = rolls.lines_of(session, is_open=False, is_early=False, now=now)
    looks.see(Kind.ROLL, [each.person for each in lines], subject=session.activity.title)
    return render_template(
        "workspace/register/print.html",
        session=session,
        register=queries.find_register(session.id),
        lines=lines,
        counts=rolls.count(lines),
        amendments=queries.amendments_of(session),
    )


def _whom(session: Session, person_id: int) -> tuple[Person, RegisterLine | None]:
    """Somebody who can be put right: of this roll, of the organisation, or for the desk anybody; raises NotFound."""
    line = next((each for each in queries.roll_of(session) if each.person.id == person_id), None)
    if line is not None:
        return line.person, line
    organisation_id, on = session.activity.organisation_id, local_date(session.starts_at)
    authorise(is_desk(current_user) or bool(members_among([person_id], [organisation_id], on=on)))
    return get_person(person_id), None


def _values(line: RegisterLine | None) -> dict[str, object]:
    if line is None or line.row is None:
        return {}
    row = line.row
    return {"becomes": line.status.value, "arrived_at": clock_of(row.arrived_at), "left_at": clock_of(row.left_at)}


def _put_right(session: Session, person: Person, form: AmendForm) -> Amendment | None:
    _row, before = presence_of(session, person.id)
    return registers.amend(
        session,
        person,
        status=Status(form.becomes.data),
        arrived_at=moment_of(session, form.arrived_at.data, known=before.arrived_at),
        left_at=moment_of(session, form.left_at.data, known=before.left_at),
        reason=form.reason.data,
        by=current_user.person,
        now=clock.now(),
    )
