"""Noting whose data a page shows, for the table of who looked.

A page for staff whose address names a person is noted by itself, so no such page can forget it. What shows people by
other ways says so in its view.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from flask import Flask, Response, after_this_request, g, request

from center.kernel import clock
from center.kernel.access import access_of
from center.kernel.access_log import Kind, note
from center.kernel.db import db
from center.kernel.i18n import local_date
from center.people.acting import is_child
from center.people.households import door_words
from center.people.looked import PURPOSES
from center.people.models import Person


def init_app(app: Flask) -> None:
    """Note of every page whose address names a person, and that asks for a permission, whose it is."""
    for endpoint in {rule.endpoint for rule in app.url_map.iter_rules() if "person_id" in rule.arguments}:
        access = access_of(app.view_functions[endpoint])
        if access and access.permission:
            app.view_functions[endpoint] = _noting(app.view_functions[endpoint])


def see(kind: Kind, people: Iterable[Person | None], *, subject: str = "", why: str = "") -> None:
    """These people's data are shown: their door, their phone, their place on a roll."""
    for person in people:
        if person is not None:
            note(kind, person_id=person.id, subject=subject, purpose=why)


def say_why(why: str) -> None:
    """Why this page shows whomever its address names: a key of `looked.WHY`."""
    g.look_why = why


def see_whole(person: Person) -> None:
    """A page shows what is known of somebody."""
    on = local_date(clock.now())
    note(Kind.CHILD if is_child(person, on) else Kind.PERSON, person_id=person.id, purpose=g.get("look_why", ""))
    see_care([person])


def see_care(people: Iterable[Person | None]) -> None:
    """A page shows who lives alone."""
    see(Kind.CARE, [person for person in people if person is not None and person.lives_alone])


def see_doors(people: Iterable[Person | None]) -> None:
    """A page shows where these people live."""
    for person in people:
        if person is not None:
            note(Kind.DOOR, person_id=person.id, subject=door_words(person))


def see_paper(subject: str, *, person_id: int | None = None, why: str) -> None:
    """A file is shown that speaks of people: of whom first, where that is known, and why (a key of `looked.WHY`)."""
    note(Kind.PAPER, person_id=person_id, subject=subject, purpose=why)


def see_phone(person: Person | None, *, purpose: str = "") -> None:
    """A page shows somebody's whole phone number, and what for where that was asked."""
    if person is not None and person.phone is not None:
        note(Kind.PHONE, person_id=person.id, purpose=purpose if purpose in PURPOSES else "")


def _noting(view: Callable[..., Any]) -> Callable[..., Any]:
    """The view, whose answer is looked at before what it noted is written."""

    @wraps(view)
    def noting(**values: Any) -> Any:
        after_this_request(_note_person)
        return view(**values)

    return noting


def _note_person(response: Response) -> Response:
    person_id = (request.view_args or {}).get("person_id")
    if isinstance(person_id, int) and response.status_code in {200, 422}:
        person = db.session.get(Person, person_id)
        if person is not None:
            see_whole(person)
    return response
