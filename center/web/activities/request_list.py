"""The list of those who ask for a place, over many activities: one page, for staff of all and for leads of theirs.

Whoever decides from it comes back to it: the buttons carry in their addresses from which list they were pressed.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request, url_for
from flask_login import current_user
from wtforms import SelectField
from wtforms.validators import Optional

from center.activities import policy as activity_policy
from center.activities.models import Activity
from center.kernel import clock
from center.kernel.access_log import Kind
from center.kernel.i18n import in_language
from center.kernel.i18n import lazy_gettext as _l
from center.notices.telling import HowTold
from center.organisations.models import Organisation
from center.people.models import Person
from center.signups import decisions, news
from center.signups.message_facts import readers_of
from center.signups.messages import how_told
from center.signups.models import SignUp
from center.signups.posting import requests
from center.signups.posting.requests import Page, PlaceRequestFilter
from center.signups.queries import Counts, counts_of
from center.web.activities.pages import led_ids, own_organisations
from center.web.forms import FilterForm, with_chosen
from center.web.people import looks
from center.web.rendering import render
from center.web.sending import next_below

DESK, WORKSPACE = "desk", "workspace"
PAGES = {DESK: "desk.sign_up_requests", WORKSPACE: "posting.requests"}


class RequestsForm(FilterForm):
    """Which requests to list."""

    organisation = SelectField(_l("Organisation"), validators=[Optional()], validate_choice=False)
    activity = SelectField(_l("Activity"), validators=[Optional()], validate_choice=False)

    def offer(self, activities: Sequence[Activity]) -> None:
        """Let them choose among the activities that somebody asks for, and whose they are."""
        organisations = {each.organisation_id: each.organisation for each in activities}
        in_order = sorted(organisations.values(), key=lambda each: (each.sort_key, each.id))
        owners = [(each.slug, in_language(each.name, each.name_en)) for each in in_order]
        titles = [(each.slug, in_language(each.title, each.title_en)) for each in activities]
        self.organisation.choices = with_chosen(self.organisation.data, [("", _l("All organisations")), *owners])
        self.activity.choices = with_chosen(self.activity.data, [("", _l("All activities")), *titles])

    def wanted(self) -> PlaceRequestFilter:
        """What is asked for."""
        return PlaceRequestFilter((self.organisation.data or "")[:80], (self.activity.data or "")[:80])


@dataclass(frozen=True, kw_only=True)
class RequestsPage:
    """Those who ask for a place, and what helps to decide."""

    form: RequestsForm
    wanted: PlaceRequestFilter
    found: Page
    shown: Sequence[SignUp]
    until: Mapping[int, datetime]
    most: int
    before: Mapping[int, int]
    left: Mapping[int, Counts]
    hearers: Mapping[int, Sequence[Person]]
    if_approved: HowTold
    if_declined: HowTold
    just_decided: Sequence[SignUp]
    workspaces: Sequence[Organisation]
    here: str
    is_desk: bool
    args: Mapping[str, str]


def requests_page(which: str) -> str:
    """The list as staff see it, over all activities, or as a lead does."""
    now, form = clock.now(), RequestsForm(request.args)
    wanted = form.wanted()
    found = requests.page(wanted, _whose(which), now=now)
    form.offer(requests.activities_of(found.all))
    shown = requests.load(found.wanted[: requests.MOST_SHOWN])
    for each in shown:
        looks.see(Kind.ROLL, [each.person], subject=each.roster.activity.title)
    return render(
        "shared/signups/requests.html",
        RequestsPage(
            form=form,
            wanted=wanted,
            found=found,
            shown=shown,
            until={each.id: each.until for each in found.wanted},
            most=requests.MOST_SHOWN,
            before=requests.places_before(shown, now=now),
            left=counts_of({each.roster_id for each in shown}),
            hearers={each.id: readers for each, readers in readers_of(shown, now=now)},
            if_approved=how_told(shown, news.APPROVED, now=now),
            if_declined=how_told(shown, news.DECLINED, now=now),
            just_decided=decisions.just_decided(by=current_user.person, now=now),
            workspaces=[] if which == DESK else own_organisations(),
            here=PAGES[which],
            is_desk=which == DESK,
            args={"list": which, **wanted.args()},
        ),
    )


def list_args() -> dict[str, Any]:
    """From which list somebody decides, and how it is narrowed, as it stands in addresses; nothing from elsewhere."""
    which = request.args.get("list", "")
    is_theirs = activity_policy.may_review(current_user) if which == DESK else which == WORKSPACE and bool(led_ids())
    return {"list": which, **RequestsForm(request.args).wanted().args()} if is_theirs else {}


def list_at(reference: str) -> str:
    """That list, at the request with this reference."""
    args = list_args()
    endpoint = PAGES[args.pop("list")]
    return url_for(endpoint, _anchor=f"sign-up-{reference}" if reference else None, **args)


def list_after(reference: str) -> str:
    """That list, at the request to decide about next once it is decided about this one."""
    wanted, which = RequestsForm(request.args).wanted(), list_args()["list"]
    listed = requests.page(wanted, _whose(which), now=clock.now()).wanted
    return list_at(next_below([each.reference for each in listed], {reference}))


def places_to_decide() -> int:
    """How many people ask for a place in what whoever looks leads."""
    leads = led_ids()
    return requests.count(leads, now=clock.now()) if leads else 0


def _whose(which: str) -> Collection[int] | None:
    """Of which organisations the requests are; None for all."""
    return None if which == DESK else led_ids()
