"""The page of a series, for its owner and for staff who decide about it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import request
from flask.typing import ResponseReturnValue

from center.bookings.approvals.listing import RequestFilter
from center.bookings.approvals.undoing import Decision
from center.bookings.models.series import BookingSeries, SeriesDate
from center.bookings.series import news as series_news
from center.bookings.series import words as series_words
from center.bookings.series.news import how_told, told_of
from center.bookings.series.queries import followers_of, waiting_dates
from center.kernel.access import Permission, may
from center.kernel.i18n import local_date
from center.notices.telling import HowTold, Told
from center.web.bookings import series_flow
from center.web.bookings.request_list import just_decided, wanted
from center.web.bookings.series_forms import DecideSeriesForm
from center.web.rendering import render


@dataclass(frozen=True, kw_only=True)
class SeriesPage:
    """A series, for its owner and for staff who decide about it."""

    series: BookingSeries
    rows: Sequence[dict[str, object]]
    coming: Sequence[SeriesDate]
    waiting: Sequence[SeriesDate]
    followers: Sequence[BookingSeries]
    may_change: bool
    may_rebook: bool
    is_new: bool
    decide_form: DecideSeriesForm
    reached: HowTold
    told: Sequence[Told]
    ticked: Collection[date]
    wanted: RequestFilter
    just_decided: Sequence[Decision]


def series_page(
    found: BookingSeries, form: DecideSeriesForm, *, ticked: Collection[date] = (), now: datetime
) -> ResponseReturnValue:
    """The page of a series; where a decision was refused, with what was typed and ticked for it."""
    page = render(
        "shared/bookings/series.html",
        SeriesPage(
            series=found,
            rows=[row_of(each, found, now=now) for each in found.dates],
            coming=[each for each in found.dates if each.is_to_come(now)],
            waiting=waiting_dates(found, now=now) if may(Permission.APPROVE_BOOKINGS) else [],
            followers=followers_of(found),
            may_change=series_flow.may_change(found, now=now),
            may_rebook=series_flow.may_rebook(found, now=now),
            is_new="new" in request.args,
            decide_form=form,
            reached=how_told(found, series_news.DECLINED, now=now),
            told=told_of(found) if may(Permission.TELL_PEOPLE) else [],
            ticked=ticked,
            wanted=wanted(),
            just_decided=just_decided(),
        ),
    )
    return page, form.status


def row_of(each: SeriesDate, found: BookingSeries, *, now: datetime) -> dict[str, object]:
    """A date of a series as its page shows it."""
    label, tone = series_words.date_state(each, now=now)
    return {
        "date": each,
        "label": label,
        "tone": tone,
        "is_own_way": each.is_own_way,
        "is_ahead": each.is_to_come(now),
        "is_past": day_of(each) < local_date(now),
    }


def day_of(each: SeriesDate) -> date:
    """The day on which a date of a series takes place; a moved one on its own."""
    return local_date(each.booking.starts_at) if each.booking else each.on_date
