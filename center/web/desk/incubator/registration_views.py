"""The register of organisations (备案) and the figures of a quarter, as the staff of the incubator keep them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import DateField
from wtforms.validators import InputRequired

from center.incubator.models.registration import QuarterReport
from center.incubator.registration import actions, queries, rules
from center.incubator.registration.actions import EntryFacts
from center.incubator.registration.queries import Entry
from center.incubator.registration.rules import Quarter, read_quarter
from center.incubator.registration.words import STANDING_NAMES, STANDING_TONES, quarter_name
from center.kernel import clock
from center.kernel.access import Permission, authorise, requires
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.organisations.models import Organisation
from center.organisations.queries import get_organisation
from center.web.blueprints import desk as blueprint
from center.web.forms import BaseForm, CreatingForm, text_field
from center.web.rendering import render
from center.web.rooms.forms import number_field
from center.web.sending import form_page, go_on, is_done

NEED_DAY = InputRequired(_l("Please choose a day, such as 2026-11-24."))


class EntryForm(CreatingForm):
    """What the paper of the subdistrict says."""

    number = text_field(_l("Number in the register"), most=40)
    starts_on = DateField(
        _l("First day"), description=_l("It counts for three years from this day."), validators=[NEED_DAY]
    )
    founders = number_field(_l("Founders"), least=0, most=500)
    members = number_field(_l("Members"), least=0, most=5000)
    premises = text_field(_l("Where it meets"), most=200, required=False)


class EndingForm(BaseForm):
    """Why an organisation is taken off the register."""

    on = DateField(_l("From this day on"), validators=[NEED_DAY])
    why = text_field(_l("Reason"), most=200)


@dataclass(frozen=True, kw_only=True)
class RegisterPage:
    """The register: its entries, who is missing in it, and the quarter that is to be reported."""

    entries: Sequence[Entry]
    missing: Sequence[Organisation]
    quarter: Quarter
    quarter_name: str
    reported: int
    reporting: int
    names: Mapping[Any, Any]
    tones: Mapping[Any, str]


@dataclass(frozen=True, kw_only=True)
class QuarterPage:
    """What each organisation reported of a quarter."""

    quarter: Quarter
    name: str
    organisations: Sequence[Organisation]
    reports: Mapping[int, QuarterReport]
    is_late: bool


@blueprint.get("/desk/incubator/registrations")
@requires(Permission.RUN_INCUBATOR)
def registrations() -> ResponseReturnValue:
    """The register, what is to be renewed first."""
    today = local_date(clock.now())
    entries, asked = queries.register(today), rules.to_report(today)
    entered = {each.registration.organisation_id for each in entries}
    who = queries.who_reports()
    reports = queries.reports_of(asked, organisation_ids=[each.id for each in who])
    page = RegisterPage(
        entries=entries,
        missing=[each for each in queries.organisations_to_enter() if each.id not in entered],
        quarter=asked,
        quarter_name=quarter_name(asked),
        reported=len(reports),
        reporting=len(who),
        names=STANDING_NAMES,
        tones=STANDING_TONES,
    )
    return render("desk/incubator/registrations.html", page)


@blueprint.route("/desk/incubator/registrations/<slug>", methods=["GET", "POST"])
@requires(Permission.RUN_INCUBATOR)
def registration(slug: str) -> ResponseReturnValue:
    """The entries of an organisation, and a new one: the first, or a renewal."""
    organisation, form = get_organisation(slug), EntryForm()
    back = url_for("desk.registrations")

    def enter() -> object:
        facts = EntryFacts(
            number=form.number.data or "",
            starts_on=form.starts_on.data,
            founders=form.founders.data,
            members=form.members.data,
            premises=form.premises.data or "",
        )
        return actions.enter(organisation, facts, by=current_user.person, now=clock.now())

    if is_done(form, enter, then=back):
        return go_on(_("It is in the register."), back)
    today = local_date(clock.now())
    entries = [
        Entry(registration=each, validity=rules.validity_of(each.valid_until, each.ended_on, today))
        for each in queries.entries_of(organisation.id)
    ]
    return form_page(
        "desk/incubator/registration.html",
        form,
        organisation=organisation,
        entries=entries,
        names=STANDING_NAMES,
        tones=STANDING_TONES,
    )


@blueprint.route("/desk/incubator/registrations/<id:registration_id>/end", methods=["GET", "POST"])
@requires(Permission.RUN_INCUBATOR)
def end_registration(registration_id: int) -> ResponseReturnValue:
    """Take an organisation off the register before its time."""
    entry = queries.get_registration(registration_id)
    form = EndingForm(data={"on": local_date(clock.now())})

    def end() -> None:
        why = form.why.data or ""
        actions.end_entry(entry, on=form.on.data, why=why, by=current_user.person, now=clock.now())

    if is_done(form, end):
        return go_on(_("It is off the register."), url_for("desk.registrations"))
    return form_page("desk/incubator/end_registration.html", form, entry=entry)


@blueprint.get("/desk/incubator/quarters/<which>")
@requires(Permission.RUN_INCUBATOR)
def quarter(which: str) -> ResponseReturnValue:
    """What each organisation reported of a quarter, and who did not yet."""
    return render("desk/incubator/quarter.html", _quarter_page(which))


@blueprint.get("/desk/incubator/quarters/<which>/print")
@requires(Permission.RUN_INCUBATOR)
def print_quarter(which: str) -> ResponseReturnValue:
    """The same on paper, for the subdistrict."""
    return render("desk/incubator/print_quarter.html", _quarter_page(which))


def _quarter_page(which: str) -> QuarterPage:
    asked, today = read_quarter(which), local_date(clock.now())
    authorise(asked is not None and asked.last_on < today)
    assert asked is not None
    who = queries.who_reports()
    return QuarterPage(
        quarter=asked,
        name=quarter_name(asked),
        organisations=who,
        reports=queries.reports_of(asked, organisation_ids=[each.id for each in who]),
        is_late=today > asked.due_on,
    )
