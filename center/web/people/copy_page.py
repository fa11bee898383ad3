"""A copy of everything that is known of somebody, as a page and as a file."""

from flask import Response, render_template

from center.kernel import clock
from center.people import copying
from center.people.models import Person


def copy_page(person: Person, *, is_handed_out: bool = False) -> Response:
    """To read and to print."""
    copy = copying.copy_of(person, now=clock.now())
    page = render_template("shared/people/data.html", copy=copy, person=person, is_handed_out=is_handed_out)
    return _private(Response(page, mimetype="text/html"))


def copy_file(person: Person) -> Response:
    """The same as a file."""
    response = Response(copying.copy_of(person, now=clock.now()).to_json(), mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="data-{person.id}.json"'
    return _private(response)


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    return response
