"""Sale days for those who lead the studio: asked for, sold on, printed and published."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from center.kernel import clock, tables
from center.kernel.access import authorise, signed_in
from center.kernel.access_log import Kind
from center.kernel.i18n import gettext as _
from center.kernel.i18n import ngettext
from center.troupes.models.troupes import Troupe
from center.troupes.models.works import Sale, SaleDay, SaleDayState, Work, WorkState
from center.troupes.works import catalogue, days, queries, selling
from center.troupes.works.rules import TYPED_UNTIL, Totals
from center.troupes.works.sheet import sheet_of
from center.web.blueprints import troupes as blueprint
from center.web.editing import watch
from center.web.people import looks
from center.web.qr import qr_code
from center.web.rendering import render
from center.web.sending import did, form_page, go_on, is_done, result_of
from center.web.troupes.pages import led
from center.web.troupes.work_words import WORDS, WorkWords
from center.web.workspace.works.forms import CallOffForm, NewSaleDayForm, ReserveForm, SaleDayForm, WorksForm

PUTTABLE = (WorkState.REGISTERED, WorkState.ON_SALE)


@dataclass(frozen=True, kw_only=True)
class DayPage:
    """A sale day: its works, what was sold, and what can be done."""

    troupe: Troupe
    day: SaleDay
    works: Sequence[Work]
    sales: Mapping[int, Sale]  # by the work
    totals: Totals
    form: WorksForm
    can_sell: bool
    is_over: bool
    now: datetime
    words: WorkWords = WORDS


@blueprint.route("/workspace/troupes/<slug>/works/days/new", methods=["GET", "POST"])
@signed_in
def new_sale_day(slug: str) -> ResponseReturnValue:
    """Ask staff for a sale day."""
    troupe, form = led(slug), NewSaleDayForm()
    ask = lambda: days.request(troupe, form.facts(), by=current_user.person, now=clock.now())  # noqa: E731
    if made := result_of(form, ask, then=_page_of):
        return go_on(_("Staff are asked. Put works on it now."), _page_of(made))
    return form_page("workspace/works/edit_day.html", form, troupe=troupe, day=None)


@blueprint.get("/workspace/troupes/<slug>/works/days/<id:sale_day_id>")
@signed_in
def sale_day(slug: str, sale_day_id: int) -> ResponseReturnValue:
    """A sale day."""
    return _show(*_day(slug, sale_day_id))


@blueprint.post("/workspace/troupes/<slug>/works/days/<id:sale_day_id>/works")
@signed_in
def put_on_day(slug: str, sale_day_id: int) -> ResponseReturnValue:
    """Put works on a sale day."""
    troupe, day = _day(slug, sale_day_id)
    form = _works_form(troupe, day)
    chosen = queries.works_numbered(troupe, form.works.data or ())
    count = result_of(form, lambda: catalogue.put_forward(day, chosen))
    if count:
        return go_on(ngettext("%(num)d work is on it.", "%(num)d works are on it.", count), _page_of(day))
    return _show(troupe, day, form), form.status


@blueprint.route("/workspace/troupes/<slug>/works/days/<id:sale_day_id>/edit", methods=["GET", "POST"])
@signed_in
def edit_sale_day(slug: str, sale_day_id: int) -> ResponseReturnValue:
    """Ask for it otherwise."""
    troupe, day = _day(slug, sale_day_id)
    form = watch(lambda **given: SaleDayForm(data=SaleDayForm.values_of(day), **given))
    if is_done(form, lambda: days.change(day, form.facts(), by=current_user.person, now=clock.now())):
        return go_on(_("Staff are asked for it like this."), _page_of(day))
    return form_page("workspace/works/edit_day.html", form, troupe=troupe, day=day)


@blueprint.route("/workspace/troupes/<slug>/works/days/<id:sale_day_id>/call-off", methods=["GET", "POST"])
@signed_in
def call_off_sale_day(slug: str, sale_day_id: int) -> ResponseReturnValue:
    """It does not take place."""
    troupe, day = _day(slug, sale_day_id)
    form = CallOffForm()
    call_off = lambda: days.call_off(day, reason=form.reason.data, by=current_user.person, now=clock.now())  # noqa: E731
    if is_done(form, call_off):
        return go_on(_("It is called off; its works are in the catalogue again."), _page_of(day))
    return form_page("workspace/works/call_off.html", form, troupe=troupe, day=day)


@blueprint.post("/workspace/troupes/<slug>/works/days/<id:sale_day_id>/publish")
@signed_in
def publish_sale_day(slug: str, sale_day_id: int) -> ResponseReturnValue:
    """Let everybody read what it came to."""
    _troupe, day = _day(slug, sale_day_id)
    did(
        lambda: days.publish(day, by=current_user.person, now=clock.now()),
        _("Everybody can read it now. Nothing of it changes any more."),
    )
    return redirect(_page_of(day), 303)


@blueprint.get("/workspace/troupes/<slug>/works/days/<id:sale_day_id>/labels")
@signed_in
def work_labels(slug: str, sale_day_id: int) -> ResponseReturnValue:
    """A label for each work: its number, title, maker as published, price and shares, and a code."""
    troupe, day = _day(slug, sale_day_id)
    works = [work for work in queries.works_on(day) if work.state is not WorkState.SOLD]
    codes: dict[int, Markup] = {
        work.number: qr_code(
            url_for("troupes.public_work", slug=slug, work_number=work.number, _external=True), is_sized=False
        )
        for work in works
    }
    return render_template("workspace/works/labels.html", troupe=troupe, day=day, works=works, codes=codes, words=WORDS)


@blueprint.get("/workspace/troupes/<slug>/works/days/<id:sale_day_id>.xlsx")
@signed_in
def sale_day_table(slug: str, sale_day_id: int) -> ResponseReturnValue:
    """A sale day as a table, with the makers' income."""
    troupe, day = _day(slug, sale_day_id)
    works, sales = queries.works_on(day), queries.sales_on(day)
    looks.see(Kind.EXPORT, {work.maker for work in works}, subject=troupe.name)
    return tables.download(sheet_of(day, works, sales, now=clock.now()), name=f"sale-{troupe.slug}-{day.id}.xlsx")


@blueprint.route("/workspace/troupes/<slug>/works/<id:work_number>/reserve", methods=["GET", "POST"])
@signed_in
def reserve_work(slug: str, work_number: int) -> ResponseReturnValue:
    """Keep a work for somebody until a time."""
    troupe, work, day = _offered(slug, work_number)
    form = ReserveForm(data=ReserveForm.usual(day, now=clock.now()))
    reserve = lambda: selling.reserve(work, form.until(), whom=form.whom.data or "", now=clock.now())  # noqa: E731
    if is_done(form, reserve):
        return go_on(_("No. %(number)s is reserved.", number=work.number), _page_of(day))
    return form_page("workspace/works/reserve.html", form, troupe=troupe, day=day, work=work)


@blueprint.post("/workspace/troupes/<slug>/works/<id:work_number>/release")
@signed_in
def release_work(slug: str, work_number: int) -> ResponseReturnValue:
    """A work is kept for nobody any more."""
    return _press(slug, work_number, selling.release, _("It is on sale again."))


@blueprint.post("/workspace/troupes/<slug>/works/<id:work_number>/sell")
@signed_in
def sell_work(slug: str, work_number: int) -> ResponseReturnValue:
    """It was sold at the table."""
    sell = lambda work: selling.sell(work, by=current_user.person, now=clock.now())  # noqa: E731
    return _press(slug, work_number, sell, _("Sold: no. %(number)s.", number=work_number))


@blueprint.post("/workspace/troupes/<slug>/works/<id:work_number>/not-sold")
@signed_in
def take_sale_back(slug: str, work_number: int) -> ResponseReturnValue:
    """That was a slip: it is not sold."""
    take_back = lambda work: selling.take_back(work, by=current_user.person, now=clock.now())  # noqa: E731
    return _press(slug, work_number, take_back, _("It is on sale again."))


def _press(slug: str, number: int, act: Callable[[Work], object], said: str) -> ResponseReturnValue:
    _troupe, work, day = _offered(slug, number)
    did(lambda: act(work), said)
    return redirect(f"{_page_of(day)}#work-{number}", 303)


def _offered(slug: str, number: int) -> tuple[Troupe, Work, SaleDay]:
    """A work that is on a sale day; raises NotFound."""
    troupe = led(slug)
    work = queries.get_work(troupe, number)
    authorise(work.sale_day is not None)
    assert work.sale_day is not None
    return troupe, work, work.sale_day


def _day(slug: str, sale_day_id: int) -> tuple[Troupe, SaleDay]:
    troupe = led(slug)
    return troupe, queries.get_day(sale_day_id, troupe)


def _works_form(troupe: Troupe, day: SaleDay, *, is_sent: bool = True) -> WorksForm:
    form = WorksForm() if is_sent else WorksForm(formdata=None)
    form.offer([w for w in queries.works_of(troupe) if w.state in PUTTABLE and w.sale_day_id != day.id])
    return form


def _show(troupe: Troupe, day: SaleDay, form: WorksForm | None = None) -> str:
    now, works = clock.now(), queries.works_on(day)
    looks.see(Kind.ROLL, [work.maker for work in works], subject=troupe.name)
    is_on = day.starts_at <= now <= day.ends_at + TYPED_UNTIL
    page = DayPage(
        troupe=troupe,
        day=day,
        works=works,
        sales={sale.work_id: sale for sale in queries.sales_on(day)},
        totals=queries.totals([day])[day.id],
        form=form or _works_form(troupe, day, is_sent=False),
        can_sell=day.state is SaleDayState.APPROVED and is_on and day.published_at is None,
        is_over=day.ends_at <= now,
        now=now,
    )
    return render("workspace/works/day.html", page)


def _page_of(day: SaleDay) -> str:
    return url_for("troupes.sale_day", slug=day.troupe.slug, sale_day_id=day.id)
