"""Calls by the telephone that rings: whoever lives behind one door and shares one number is told in one call."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from center.kernel.errors import Conflict
from center.kernel.i18n import gettext as _
from center.kernel.i18n import speaking
from center.notices import kinds, showing
from center.notices.models import Delivery, Notice
from center.people.households import key_of
from center.people.models import Person

NAME, REFERENCE = "\0name\0", "\0reference\0"  # no message holds these
_ALSO = re.compile(r"\d{1,10}-\d{1,4}")


@dataclass(frozen=True)
class Call:
    """One call to make: what there is to tell to those who share the number."""

    deliveries: Sequence[Delivery]

    @property
    def first(self) -> Delivery:
        """The delivery that the call is pressed for; the others go `also` with it."""
        return self.deliveries[0]

    @property
    def people(self) -> list[Person]:
        """Whom to ask for."""
        found = {each.notice.person_id: each.notice.person for each in self.deliveries}
        return [each for each in found.values() if each is not None]

    @property
    def to_answer(self) -> list[Delivery]:
        """What each of them has to answer for themselves."""
        return [each for each in self.deliveries if _asks(each)]

    @property
    def to_tell(self) -> "Call | None":
        """The same call without what is to be answered; None where nothing else is to be said."""
        left = [each for each in self.deliveries if not _asks(each)]
        return Call(left) if left else None

    @property
    def drop_at(self) -> datetime | None:
        """Until when it is worth making: while any of it is."""
        ends = [each.drop_at for each in self.deliveries]
        return None if None in ends else max(end for end in ends if end is not None)

    @property
    def texts(self) -> list[tuple[str, str]]:
        """The words to say, each with its language; what several are told alike is said once, to all of them."""
        alike: dict[tuple[str, str], list[Notice]] = {}
        for each in self.deliveries:
            alike.setdefault((each.notice.locale, _without_names(each.notice)), []).append(each.notice)
        return [(locale, _to_all(text, notices)) for (locale, text), notices in alike.items()]

    @property
    def also(self) -> str:
        """The other deliveries of the call, with how often each was tried, as a form carries them."""
        return written_also(self.deliveries[1:])


def by_phone(deliveries: Iterable[Delivery]) -> list[Call]:
    """The calls to make for these deliveries, in the order of the first of each; without a number, one a person."""
    found: dict[object, list[Delivery]] = {}
    for each in deliveries:
        found.setdefault(_line(each), []).append(each)
    return [Call(each) for each in found.values()]


def is_one_call(delivery: Delivery, other: Delivery) -> bool:
    """Whether both are told in one call."""
    return _line(delivery) == _line(other)


def written_also(deliveries: Iterable[Delivery]) -> str:
    """Deliveries that are told in one go with another, with how often each was tried, as a form carries them."""
    return " ".join(f"{each.id}-{each.attempts}" for each in deliveries)


def act_on_all(chosen: Sequence[tuple[Delivery, int]], act: Callable[[Delivery, int], object]) -> None:
    """Act on deliveries that are told in one go, each with how often it had been tried when it was shown.

    What somebody else dealt with meanwhile is left out; raises Conflict where that is all of it.
    """
    faults = [fault for delivery, tries in chosen if (fault := _fault(act, delivery, tries))]
    if len(faults) == len(chosen):
        raise faults[0]


def _fault(act: Callable[[Delivery, int], object], delivery: Delivery, tries: int) -> Conflict | None:
    try:
        act(delivery, tries)
    except Conflict as error:
        return error
    return None


def read_also(text: str) -> list[tuple[int, int]]:
    """What `written_also` wrote: ids, each with how often it was tried. What nobody wrote like that is left out."""
    pairs = (each.split("-") for each in text.split() if _ALSO.fullmatch(each))
    return [(int(number), int(tries)) for number, tries in pairs]


def _without_names(notice: Notice) -> str:
    """The words of a notice without what differs from person to person: the name in its greeting, its reference."""
    greeting, line, rest = showing.body(notice).partition("\n")
    if notice.person is not None:
        greeting = greeting.replace(notice.person.name, NAME)
    reference = _reference(notice)
    return greeting + line + (rest.replace(reference, REFERENCE) if reference else rest)


def _to_all(text: str, notices: Sequence[Notice]) -> str:
    names = dict.fromkeys(each.person.name for each in notices if each.person is not None)
    references = dict.fromkeys(_reference(each) for each in notices)
    with speaking(notices[0].locale):
        return text.replace(NAME, _(", ").join(names)).replace(REFERENCE, _(", ").join(references))


def _reference(notice: Notice) -> str:
    return notice.about.partition(":")[2].partition(":")[0]


def _asks(delivery: Delivery) -> bool:
    kind = kinds.find_kind(delivery.notice.kind)
    return kind is not None and kind.asks


def _line(delivery: Delivery) -> object:
    """What two deliveries have in common that are told in one go: the number and the household; else the person."""
    person, address = delivery.notice.person, delivery.present_address
    if not address:
        return delivery.way, delivery.notice.person_id
    return delivery.way, address, key_of(person) if person is not None else None
