"""The list of organisations, and the page of one."""

from itertools import groupby
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import SearchField, SelectField

from center.bookings.series.queries import live_series
from center.kernel import clock
from center.kernel.access import Permission, authorise, may, public
from center.kernel.i18n import lazy_gettext as _l
from center.organisations import policy, queries, rules, words
from center.organisations.models import OrganisationKind
from center.troupes.queries import troupes_of
from center.web.activities.pages import may_work_for
from center.web.blueprints import organisations as blueprint
from center.web.bookings import series_flow
from center.web.forms import FilterForm
from center.web.public.activities.listing import coming_of


class OrganisationFilterForm(FilterForm):
    """Which organisations to list."""

    q = SearchField(_l("Name"), description=_l("In characters, pinyin or initials."))
    kind = SelectField(_l("Kind"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [("", _l("All kinds")), *((kind.value, name) for kind, name in words.KIND_NAMES.items())]

    @property
    def wanted_kind(self) -> OrganisationKind | None:
        """The kind that was chosen; None for all, and for one that there is not."""
        return OrganisationKind(self.kind.data) if self.kind.data in set(OrganisationKind) else None


@blueprint.get("/organisations")
@public
def index() -> ResponseReturnValue:
    """All organisations by kind, with a filter."""
    form = OrganisationFilterForm(request.args)
    found = rules.matching(queries.all_organisations(), form.q.data or "", form.wanted_kind)
    order = list(words.KIND_NAMES)
    by_kind = groupby(sorted(found, key=lambda each: order.index(each.kind)), key=lambda each: each.kind)
    kinds = [(kind, list(members)) for kind, members in by_kind]
    return render_template("public/organisations/index.html", form=form, kinds=kinds, count=len(found))


@blueprint.get("/organisations/<slug>")
@public
def show(slug: str) -> ResponseReturnValue:
    """What an organisation is and does."""
    organisation, now = queries.get_organisation(slug), clock.now()
    authorise(organisation.is_listed or may(Permission.SEE_DESK))
    leads = current_user.is_authenticated and organisation.id in series_flow.led_ids(now)
    return render_template(
        "public/organisations/show.html",
        organisation=organisation,
        may_work=may_work_for(organisation.id),
        may_edit_members=policy.may_edit_members(current_user),
        coming=coming_of(organisation.id, now=now),
        leads=leads,
        troupes=troupes_of([organisation.id]),
        series=live_series(organisation_ids=[organisation.id], now=now) if leads else [],
    )
