"""Slips: paper that is handed to somebody is in their language, whoever prints it."""

from typing import Any

from flask import render_template, request
from flask_login import current_user

from center.kernel.i18n import addressing, is_elder, language, languages_on_offer
from center.kernel.site import on_this_site
from center.notices.kinds import open_path
from center.notices.models import Notice
from center.notices.queries import reads_in
from center.people.models import Person
from center.web.qr import qr_code

SWITCH = "in"  # of one slip alone; `lang` is for all pages of whoever prints it


def slip(template: str, person: Person, /, *, locale: str | None = None, **facts: Any) -> str:
    """A slip for a person, in the language they read; another can be asked for, unless its words are in one already."""
    wished, reads_as_elder = reads_in(person)
    said = locale or _asked() or _own(person) or wished or str(languages_on_offer()[0])
    with addressing(said, is_elder=is_elder() if reads_as_elder is None else reads_as_elder):
        return render_template(template, switch=SWITCH, **facts)


def slip_of(notice: Notice, person: Person) -> str:
    """A message on paper, as it was written; where it asks for an answer, with a code that leads to that."""
    path = open_path(notice)
    qr = qr_code(on_this_site(path) or f"{request.host_url.rstrip('/')}{path}", is_sized=False) if path else None
    return slip("shared/notices/slip.html", person, locale=notice.locale, notice=notice, qr=qr)


def _asked() -> str | None:
    asked = request.args.get(SWITCH, request.args.get("lang"))
    return asked if asked in languages_on_offer() else None


def _own(person: Person) -> str | None:
    """The language of whoever reads, where the slip is their own."""
    return language() if current_user.person_id == person.id else None
