"""The page on which a certificate of hours is asked for, the same for volunteers, leads and the desk."""

from collections.abc import Callable, Sequence
from datetime import date

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.attendance.hours import certificates
from center.attendance.models.hours import HourCertificate, Shift, ShiftState
from center.kernel import clock
from center.kernel.i18n import in_language, local_date
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person
from center.web.hours.forms import CertificateForm
from center.web.sending import form_page, result_of

ALL = 0  # organisations
WITH_ALL = _l("All organisations together")


def certificate_page(
    person: Person, shifts: Sequence[Shift], *, back: str, made: Callable[[], Sequence[HourCertificate]]
) -> ResponseReturnValue:
    """Ask which days, make it, and go to the paper. `shifts` are those of them that whoever asks may sum up."""
    today = local_date(clock.now())
    form = CertificateForm(data={"first_on": _first_of(shifts, today), "last_on": today})
    form.organisation.choices = _choices(shifts)

    def issue() -> HourCertificate:
        organisation_id = form.organisation.data if form.organisation.data != ALL else None
        return certificates.issue(
            person, organisation_id, form.first_on.data, form.last_on.data, by=current_user.person, now=clock.now()
        )

    if issued := result_of(form, issue):
        return redirect(url_for("people.print_hours", number=issued.number), 303)
    has_any = any(each.state is ShiftState.CERTIFIED for each in shifts)
    return form_page("shared/hours/certificate.html", form, person=person, back=back, has_any=has_any, made=made())


def _choices(shifts: Sequence[Shift]) -> list[tuple[int, str]]:
    found = {each.session.activity.organisation_id: each.session.activity.organisation for each in shifts}
    named = sorted((in_language(each.name, each.name_en), each.id) for each in found.values())
    one_each = [(organisation_id, name) for name, organisation_id in named]
    return one_each if len(one_each) == 1 else [(ALL, str(WITH_ALL)), *one_each]


def _first_of(shifts: Sequence[Shift], today: date) -> date:
    """Since when: the first day this year on which hours count, else the year's first."""
    days = [each.day for each in shifts if each.state is ShiftState.CERTIFIED]
    of_this_year = [day for day in days if day.year == today.year]
    return min(of_this_year or days or [today.replace(month=1, day=1)])
