"""Pages of what those have shown who look after the children: record checks and first aid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.afterschool.models.staff import CareDuty, CheckKind, StaffCheck
from center.afterschool.staff import checks, queries, rules
from center.afterschool.staff.carers import Carer, carer_of, carers_on
from center.afterschool.staff.checks import Shown
from center.afterschool.staff.words import STATE_NAMES, STATE_TONES
from center.afterschool.words import CHECK_KINDS, DUTY_ROLES
from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.i18n import centre_zone, ngettext
from center.kernel.i18n import gettext as _
from center.people.records import get_person
from center.web.blueprints import classroom as blueprint
from center.web.classroom.staff.forms import CheckForm
from center.web.people.searching import Search, search
from center.web.rendering import render
from center.web.sending import did, form_page, is_done

SHOWN = ("kind", "made_on", "valid_until", "consented_on")


@dataclass(frozen=True, kw_only=True)
class ChecksPage:
    """Everybody who looks after children, whoever has to see to something first."""

    urgent: Sequence[Carer]
    valid: Sequence[Carer]
    over: Sequence[Carer]
    search: Search
    kinds: Mapping[Any, Any] = field(default_factory=lambda: CHECK_KINDS)
    states: Mapping[Any, Any] = field(default_factory=lambda: STATE_NAMES)
    tones: Mapping[Any, str] = field(default_factory=lambda: STATE_TONES)


@blueprint.get("/classroom/checks", endpoint="checks")
@requires(Permission.RUN_AFTER_SCHOOL)
def list_checks() -> ResponseReturnValue:
    """Whose checks are valid, run out within 30 days, are over or missing."""
    today = clock.today(centre_zone())
    found = carers_on(today)
    page = ChecksPage(
        urgent=[each for each in found if each.is_urgent],
        valid=[each for each in found if each.is_valid and not each.is_urgent],
        over=[each for each in found if not each.is_valid and not each.is_urgent],
        search=search(),
    )
    return render("classroom/staff/checks.html", page)


@blueprint.route("/classroom/checks/<id:person_id>", methods=["GET", "POST"])
@requires(Permission.RUN_AFTER_SCHOOL)
def checks_of(person_id: int) -> ResponseReturnValue:
    """What somebody has shown, and more of it."""
    person, today = get_person(person_id), clock.today(centre_zone())
    form = CheckForm(data={"made_on": today, "valid_until": rules.last_day(CheckKind.RECORD, today)})
    form.offer()
    back = url_for("classroom.checks_of", person_id=person.id)

    def record() -> StaffCheck:
        document = form.document.data or ""
        shown = Shown(**{name: form[name].data for name in SHOWN}, document=document)
        return checks.record_check(person, shown, by=current_user.person, now=clock.now(), today=today)

    if is_done(form, record, then=back):
        return redirect(back, 303)
    listed = queries.checks_of(person.id)
    return form_page(
        "classroom/staff/checks_of.html",
        form,
        person=person,
        checks=listed,
        standing=carer_of(person, [each for each in listed if each.revoked_at is None], None, today),
        duties=queries.duties_ahead(person.id, since=today)[:10],
        words=_WORDS,
    )


@blueprint.post("/classroom/checks/<id:check_id>/revoke")
@requires(Permission.RUN_AFTER_SCHOOL)
def revoke_check(check_id: int) -> ResponseReturnValue:
    """Take back a check that should not count, and take them off the duties that need it."""
    check = queries.get_check(check_id)
    back = url_for("classroom.checks_of", person_id=check.person_id)
    did(
        lambda: checks.revoke_check(check, by=current_user.person, now=clock.now(), today=clock.today(centre_zone())),
        _said_of_lost,
    )
    return redirect(back, 303)


@dataclass(frozen=True)
class _Words:
    kinds: Mapping[Any, Any] = field(default_factory=lambda: CHECK_KINDS)
    states: Mapping[Any, Any] = field(default_factory=lambda: STATE_NAMES)
    tones: Mapping[Any, str] = field(default_factory=lambda: STATE_TONES)
    roles: Mapping[Any, Any] = field(default_factory=lambda: DUTY_ROLES)


_WORDS = _Words()


def _said_of_lost(lost: Sequence[CareDuty]) -> str:
    if not lost:
        return _("Taken back.")
    return ngettext(
        "Taken back. They are off duty on %(num)d day; please see who is there instead.",
        "Taken back. They are off duty on %(num)d days; please see who is there instead.",
        len(lost),
    )
