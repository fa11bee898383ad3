"""Forms of volunteer hours: from when until when, and why; and what a certificate sums up."""

from datetime import date, datetime, time, timedelta
from typing import Any

from wtforms import DateField, SelectField, StringField, TimeField
from wtforms.validators import InputRequired

from center.kernel.i18n import centre_zone
from center.kernel.i18n import lazy_gettext as _l
from center.web.forms import BaseForm, FilterForm, text_field

REASON_HINT = _l("The volunteer reads it.")
NEED_TIME = InputRequired(_l("Please choose a time."))
NEED_DAY = InputRequired(_l("Please choose a day, such as 2026-11-24."))


class Times:
    """Two times of a day as moments; one that comes before the first is of the next day."""

    in_at: Any
    out_at: Any

    def moment_of(self, which: str, day: date, kept: datetime | None = None) -> datetime:
        """The moment that a field means; the one there was, to the second, where the field says the same."""
        return moment(getattr(self, which).data, day, kept=kept)

    def end_after(self, start: datetime, kept: datetime | None = None) -> datetime:
        """The moment until which, after a start."""
        day = start.astimezone(centre_zone()).date()
        end = self.moment_of("out_at", day, kept)
        return end if end > start else self.moment_of("out_at", day + timedelta(days=1), kept)


class ReasonForm(BaseForm):
    """Why hours do not count."""

    reason = text_field(_l("Reason"), most=200, hint=REASON_HINT)


class TimesForm(Times, BaseForm):
    """From when until when somebody helped, and why it is said now."""

    in_at = TimeField(_l("They came at"), validators=[NEED_TIME])
    out_at = TimeField(_l("They left at"), validators=[NEED_TIME])
    reason = text_field(_l("Reason"), most=200, hint=REASON_HINT)


class WriteDownForm(Times, BaseForm):
    """A shift that nobody signed in for, such as one on paper."""

    person = SelectField(_l("Volunteer"), coerce=int)
    in_at = TimeField(_l("They came at"), validators=[NEED_TIME])
    out_at = TimeField(_l("They left at"), validators=[NEED_TIME])
    reason = text_field(_l("Why they were not signed in"), most=200, hint=_l("Such as: was on the paper list."))


class CertificateForm(BaseForm):
    """What a certificate sums up."""

    any_day = True
    organisation = SelectField(_l("Helped with"), coerce=int)
    first_on = DateField(_l("First day"), validators=[NEED_DAY])
    last_on = DateField(_l("Last day"), validators=[NEED_DAY])


class NumberForm(FilterForm):
    """The number of a certificate that somebody holds."""

    number = StringField(_l("Number of the certificate"))


def moment(clock_time: time, day: date, *, kept: datetime | None = None) -> datetime:
    """A time of a day at the centre; the moment there was where it says the same to the minute."""
    if kept is not None:
        local = kept.astimezone(centre_zone())
        if (local.date(), local.hour, local.minute) == (day, clock_time.hour, clock_time.minute):
            return kept
    return datetime.combine(day, clock_time, centre_zone())


def clock_time(of: datetime | None) -> time | None:
    """What a field of a time shows of a moment."""
    return of.astimezone(centre_zone()).time().replace(second=0, microsecond=0) if of else None
