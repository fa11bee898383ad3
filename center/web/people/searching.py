"""Finding a person for something: the one search box, who is found, and who was picked from them."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from wtforms import SearchField

from center.kernel.access import authorise
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person
from center.people.records import get_person
from center.people.search import MOST_RESULTS, find_people
from center.web.forms import BaseForm, id_of


class SearchForm(BaseForm):
    """The one search box. Sent with GET, so it needs no token."""

    class Meta:
        csrf = False

    q = SearchField(
        _l("Find a person"),
        description=_l(
            "Last digits of the phone, pinyin initials, name, building-door such as 3-301, or the number of a slip."
        ),
    )


@dataclass(frozen=True)
class Search:
    """What was typed, and whom it means; `has_more` where not all of them are listed."""

    form: SearchForm
    text: str
    found: Sequence[Person]
    has_more: bool


def search(*, besides: Person | None = None) -> Search:
    """Whom the search box of this page means, `besides` left out."""
    form = SearchForm(request.args)
    text = (form.q.data or "").strip()
    found = [each for each in find_people(text, limit=MOST_RESULTS + 2) if besides is None or each.id != besides.id]
    return Search(form, text, found[:MOST_RESULTS], len(found) > MOST_RESULTS)


WITH_THEIR_OWN = frozenset(
    {"desk.board", "desk.for_whom", "desk.people", "desk.person", "desk.show_phone", "desk.sign_up_people"}
)
WHERE_STAFF_GO_ON = frozenset({"bookings.show", "signups.show_sign_up"})


def desk_search() -> SearchForm | None:
    """The search box that stands above every page of the desk, and where its errands end; None on any other page.

    It is asked for by whoever may find people alone.
    """
    rule, endpoint = request.url_rule, request.endpoint or ""
    is_there = rule is not None and (rule.rule.startswith("/desk") or endpoint in WHERE_STAFF_GO_ON)
    if not is_there or endpoint in WITH_THEIR_OWN:
        return None
    form = SearchForm(formdata=None)
    form.q.id = "find-person"  # some pages have a search of their own
    return form


def picked(name: str) -> Person | None:
    """Whoever was picked from the search, by the name of their number; one that is nobody's is a 404."""
    text = request.values.get(name, "")
    if not text:
        return None
    person_id = id_of(text)
    authorise(person_id is not None)
    assert person_id is not None
    return get_person(person_id)
