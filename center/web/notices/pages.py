"""What the pages of notices share, and what templates use of notices."""

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from center.notices import queries, verifying
from center.people.models import Person
from center.web.editing import status_of
from center.web.notices.forms import ContactForm, EmailCodeForm


def contact_page(
    template: str, person: Person, form: ContactForm, code_form: EmailCodeForm | None = None, **more: Any
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
        **more,
    )
    return page, status_of(form) if code_form is None else 422
