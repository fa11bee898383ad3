"""Pages of the director: by which addresses messages leave the house, and those that could not be delivered."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.access import Permission, authorise, requires
from center.kernel.db import transaction
from center.kernel.errors import RuleBroken
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.sealed import Fact
from center.notices import actions, addresses, outbox, queries
from center.notices.models import BY_MACHINE, Delivery, DeliveryState, OutgoingAddress, Purpose
from center.people.claims import keyed_hash
from center.web.blueprints import notices as blueprint
from center.web.editing import watch
from center.web.notices.forms import OutgoingForm, TestMessageForm
from center.web.people.proof import require_recent_proof
from center.web.sending import form_page, go_on, is_done, result_of


@blueprint.get("/settings/messages")
@requires(Permission.EDIT_CENTRE)
def outgoing() -> ResponseReturnValue:
    """Addresses, what could not be delivered, what waits, and what was sent last."""
    return render_template(
        "settings/notices/outgoing.html",
        addresses=queries.outgoing_addresses(),
        dead=queries.dead_letters(),
        waiting=queries.on_their_way(DeliveryState.DUE),
        sent=queries.on_their_way(DeliveryState.SENT),
    )


@blueprint.route("/settings/messages/new", methods=["GET", "POST"])
@requires(Permission.EDIT_CENTRE)
def new_address() -> ResponseReturnValue:
    """Add an address: of a mail gateway, or of a group of staff."""
    require_recent_proof()
    purpose = Purpose.EMAIL if request.args.get("for") == "email" else Purpose.GROUP
    form = OutgoingForm()

    def add() -> OutgoingAddress:
        if not form.url.data:
            raise RuleBroken(_l("Please fill this in."), field="url")
        given = {"name": form.name.data, "url": form.url.data, "is_on": form.is_on.data}
        return actions.add_address(purpose, **given, by=current_user.person, now=clock.now())

    if address := result_of(form, add, then=_page_of):
        return go_on(_("Saved. Send a test to see whether it works."), _page_of(address))
    return form_page("settings/notices/address.html", form, purpose=purpose, address=None, test=None)


@blueprint.route("/settings/messages/<id:outgoing_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_CENTRE)
def edit_address(outgoing_id: int) -> ResponseReturnValue:
    """Change an address, or try it out."""
    if request.method == "POST":
        require_recent_proof()
    address = queries.get_outgoing(outgoing_id)
    form = watch(lambda **given: OutgoingForm(data={"name": address.name, "is_on": address.is_on}, **given))
    form.secret_fact = lambda: Fact(keyed_hash(address.url), form.url.label.text, lambda: addresses.masked(address.url))
    if is_done(
        form,
        lambda: actions.change_address(
            address,
            name=form.name.data,
            url=form.url.data or "",
            is_on=form.is_on.data,
            by=current_user.person,
            now=clock.now(),
        ),
    ):
        return go_on(_("Saved. Send a test to see whether it works."), _page_of(address))
    return _address_page(address, form, TestMessageForm(formdata=None, data={"email": current_user.person.email}))


@blueprint.post("/settings/messages/<id:outgoing_id>/test")
@requires(Permission.EDIT_CENTRE)
def try_out(outgoing_id: int) -> ResponseReturnValue:
    """Send a test message by an address."""
    address = queries.get_outgoing(outgoing_id)
    form = TestMessageForm()
    if address.purpose is Purpose.GROUP:
        del form.email

    def send() -> None:
        to = addresses.check_email(form.email.data or "") or "" if form.email else ""
        outbox.try_out(address, to=to, by=current_user.person, key=_key(address), now=clock.now())

    if is_done(form, send):
        said = _("The test is on its way. Whether it arrived stands on this page in a few seconds.")
        return go_on(said, url_for(".outgoing"))
    return _address_page(
        address, OutgoingForm(formdata=None, data={"name": address.name, "is_on": address.is_on}), form
    )


@blueprint.post("/settings/messages/<id:outgoing_id>/remove")
@requires(Permission.EDIT_CENTRE)
def remove_address(outgoing_id: int) -> ResponseReturnValue:
    """Forget an address."""
    address = queries.get_outgoing(outgoing_id)
    with transaction():
        actions.remove_address(address, by=current_user.person)
    return go_on(_("The address is removed."), url_for(".outgoing"))


@blueprint.post("/settings/messages/letters/<id:delivery_id>/retry")
@requires(Permission.EDIT_CENTRE)
def try_again(delivery_id: int) -> ResponseReturnValue:
    """Try a dead letter afresh."""
    with transaction():
        actions.try_again(_letter(delivery_id), by=current_user.person, now=clock.now())
    return go_on(_("It is tried again in a few seconds."), url_for(".outgoing"))


@blueprint.post("/settings/messages/letters/<id:delivery_id>/drop")
@requires(Permission.EDIT_CENTRE)
def give_up(delivery_id: int) -> ResponseReturnValue:
    """Nobody needs a dead letter any more."""
    with transaction():
        actions.give_up(_letter(delivery_id), by=current_user.person, now=clock.now())
    return go_on(_("It is off the list."), url_for(".outgoing"))


def _letter(delivery_id: int) -> Delivery:
    delivery = queries.get_delivery(delivery_id)
    authorise(delivery.way in BY_MACHINE)
    return delivery


def _page_of(address: OutgoingAddress) -> str:
    return url_for(".edit_address", outgoing_id=address.id)


def _key(address: OutgoingAddress) -> str:
    """One test in a second: a double click sends one."""
    return f"test:{address.id}:{clock.now():%Y%m%dT%H%M%S}"


def _address_page(address: OutgoingAddress, form: OutgoingForm, test: TestMessageForm) -> ResponseReturnValue:
    page = render_template(
        "settings/notices/address.html", form=form, purpose=address.purpose, address=address, test=test
    )
    return page, test.status if test.is_wrong else form.status
