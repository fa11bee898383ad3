"""The list of activities with its filters."""

from urllib.parse import urlencode

from flask import render_template, request
from flask.typing import ResponseReturnValue

from center.kernel import clock
from center.kernel.access import public
from center.kernel.caching.fragment_cache import page_until_written, this_minute
from center.kernel.i18n import in_language, local_date
from center.organisations.queries import all_organisations
from center.web.blueprints import activities
from center.web.public.activities.forms import ActivityFilterForm
from center.web.public.activities.listing import MOST_COUNTED, kinds_offered, look

MOST_PAGES = 1_000
LISTED = ("activities", "organisations", "places", "settings")  # the kinds of rows that the list is read from


@activities.get("/activities")
@public
def index() -> ResponseReturnValue:
    """Coming sessions by day, those that fit, with how many places are left."""
    return page_until_written(_draw, *LISTED)


def _draw() -> str:
    organisations, kinds, now = all_organisations(), kinds_offered(), this_minute()
    named = tuple((each.slug, each.name, each.name_en) for each in organisations)
    form = ActivityFilterForm(request.args)
    form.offer(kinds, named)
    wanted = form.wanted({each.slug: each.id for each in organisations})
    found = look(wanted, page=_asked_page(), organisations=organisations, now=clock.now())

    return render_template(
        "public/activities/index.html",
        form=form,
        found=found,
        wanted=wanted,
        today=local_date(now),
        most_counted=MOST_COUNTED,
        elsewhere=_page_address,
        organisation=next((in_language(zh, en) for slug, zh, en in named if slug == form.organisation.data), ""),
    )


def _asked_page() -> int:
    text = request.args.get("page", "")
    return min(max(int(text), 1), MOST_PAGES) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _page_address(number: int | None = None, **changes: str) -> str:
    """This list's address with another page, or with some filters changed."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in {"page", *changes}]
    more = [(name, value) for name, value in changes.items() if value]
    if number is not None and number > 1:
        more.append(("page", str(number)))
    return request.path + ("?" + urlencode([*kept, *more]) if kept or more else "")
