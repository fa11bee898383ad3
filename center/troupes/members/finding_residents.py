"""A resident whom the centre knows and who asked to join: found by what they tell or show themselves, and by no list.

Their full name and phone number together, both exactly; whoever guesses learns nothing, and is soon stopped.
"""

from datetime import datetime

from center.kernel.errors import NotFound
from center.kernel.i18n import lazy_gettext as _l
from center.people import sign_ins
from center.people.models import Person
from center.people.names import plain_name
from center.people.phones import find
from center.people.search import find_by_phone

NOBODY = _l(
    "The centre knows nobody by that. Please check it together, or send them to the front desk, which writes them down."
)


def look_up(name: str, phone: str, shown: Person | None, *, by: Person, now: datetime) -> Person:
    """Whoever showed their card (`shown`), or is called like this and reached at this number.

    Ends its own transactions. Raises NotFound without saying which of the two is wrong, TooManyTries.
    """
    with sign_ins.counted("troupe member", source=f"person:{by.id}", now=now):
        found = [shown] if shown is not None else _called(name, phone)
        if len(found) != 1 or found[0].erased_at is not None or found[0].is_double:
            raise NotFound(NOBODY)
    return found[0]


def _called(name: str, phone: str) -> list[Person]:
    digits = find(phone)
    if not digits or not name.strip():
        return []
    return [each for each in find_by_phone(digits) if plain_name(each.name) == plain_name(name)]
