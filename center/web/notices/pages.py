"""What the pages of notices share, and what templates use of notices."""

from collections.abc import Callable
from typing import Any

from flask import g, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.db import transaction
from center.kernel.i18n import lazy_gettext as _l
from center.notices import actions, addresses, kinds, queries, showing, verifying
from center.notices.models import DeliveryState, Way
from center.notices.words import ASKED_FOR
from center.people.models import Person
from center.signups.asked import topics_of
from center.web.blueprints import notices as blueprint
from center.web.notices.forms import ContactForm, EmailCodeForm
from center.web.sending import is_done

WAY_NAMES = {
    Way.CALL: _l("Call"),
    Way.EMAIL: _l("E-mail"),
    Way.GROUP: _l("Staff group"),
    Way.IN_PERSON: _l("In person"),
    Way.SLIP: _l("Paper"),
    Way.VISIT: _l("At the door"),
}
STATE_NAMES = {
    DeliveryState.DONE_BY_HAND: (_l("Told"), "ok"),
    DeliveryState.DROPPED: (_l("Not needed any more"), "quiet"),
    DeliveryState.DUE: (_l("Waits"), "wait"),
    DeliveryState.FAILED: (_l("Could not be delivered"), "stop"),
    DeliveryState.HANDING_OVER: (_l("On its way"), "wait"),
    DeliveryState.SENT: (_l("Sent"), "ok"),
}


@blueprint.app_template_global("unread_notices")
def unread_notices() -> int:
    """How many messages whoever is signed in has not opened."""
    return _to_look_at()[0]


@blueprint.app_template_global("unanswered")
def unanswered() -> int:
    """How many things wait for an answer of whoever is signed in though they opened what said so."""
    return _to_look_at()[1]


def _to_look_at() -> tuple[int, int]:
    """Both, asked once a page; none where the database is away."""
    if "to_look_at" not in g:
        may_ask = not g.get("sessions_unreadable") and current_user.is_authenticated
        g.to_look_at = _counts(current_user.person_id) if may_ask else (0, 0)
    counts: tuple[int, int] = g.to_look_at
    return counts


def _counts(person_id: int) -> tuple[int, int]:
    return queries.count_to_look_at(person_id, topics_of(person_id, now=clock.now()))


def is_contact_saved(form: ContactForm, person: Person, *, first: Callable[[], None] | None = None) -> bool:
    """Whether the form was sent and says from now on how the person is told; `first` is asked before it is saved."""

    def save() -> None:
        if first:
            first()
        verifying.admit_letter(person, form.email.data, now=clock.now())  # counted, whatever becomes of the rest
        with transaction():
            form.hold()
            actions.set_contact(person, form.choice(), by=current_user.person, now=clock.now())

    return is_done(form, save, transacts=False)


def contact_page(
    template: str, person: Person, form: ContactForm, code_form: EmailCodeForm | None = None, **more: Any
) -> ResponseReturnValue:
    """How somebody is reached, on their own page or the desk's; `code_form` is a code for their address that failed."""
    page = render_template(
        template,
        form=form,
        code_form=code_form or EmailCodeForm(formdata=None),
        waiting=verifying.find_waiting(person.id),
        person=person,
        has_gateway=queries.has_gateway(),
        **more,
    )
    return page, form.status if code_form is None else 422


blueprint.add_app_template_global(queries.preference_of, "contact_choice_of")
blueprint.add_app_template_global(verifying.find_waiting, "email_to_verify")
blueprint.add_app_template_global(queries.withdrawn_among, "withdrawn_among")
blueprint.add_app_template_global(queries.count_to_do_by_hand, "calls_to_make")
blueprint.add_app_template_global(queries.MOST_UNREAD, "most_unread")  # type: ignore[arg-type]
blueprint.add_app_template_filter(ASKED_FOR.__getitem__, "asked_for")
blueprint.add_app_template_filter(addresses.masked, "without_secrets")
blueprint.add_app_template_filter(addresses.sort_of, "sort_of_address")
blueprint.add_app_template_filter(kinds.title_of, "title_of_news")
blueprint.add_app_template_filter(showing.subject, "subject")
blueprint.add_app_template_filter(showing.body, "body")
blueprint.add_app_template_filter(showing.gist, "gist")
blueprint.add_app_template_filter(WAY_NAMES.__getitem__, "way_name")
blueprint.add_app_template_filter(STATE_NAMES.__getitem__, "delivery_state")
