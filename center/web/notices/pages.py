"""What the pages of notices share, and what templates use of notices."""

from collections.abc import Callable, Sequence

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.db import transaction
from center.notices import actions, queries, verifying
from center.notices.models import Notice
from center.people.models import Person
from center.web.notices.forms import ContactForm, EmailCodeForm
from center.web.sending import is_done


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
    template: str,
    person: Person,
    form: ContactForm,
    code_form: EmailCodeForm | None = None,
    told: Sequence[Notice] = (),
) -> ResponseReturnValue:
    """How somebody is reached, on their own page or the desk's; `code_form` is a code for their address that failed."""
    page = render_template(
        template,
        form=form,
        code_form=code_form or EmailCodeForm(formdata=None),
        waiting=verifying.find_waiting(person.id),
        choice=queries.preference_of(person.id),
        person=person,
        has_gateway=queries.has_gateway(),
        told=told,
    )
    return page, form.status if code_form is None else 422
