"""What people who signed up must hear of when an activity changes: where to go, what to bring, what it costs. Pure."""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from center.kernel.i18n import gettext as _
from center.kernel.i18n import in_language
from center.kernel.i18n import lazy_gettext as _l


class Told(enum.StrEnum):
    """What is told when it changes."""

    BRING = "bring"
    FEE = "fee"
    PLACE = "place"


class Says(Protocol):
    """An activity, or what its organisation wants it to say."""

    @property
    def bring(self) -> str: ...
    @property
    def fee(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def place_en(self) -> str: ...


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One thing that was said otherwise before, in each language."""

    what: Told
    was: tuple[str, str]
    now_is: tuple[str, str]


NAMES = {
    Told.BRING: _l("what to bring"),
    Told.FEE: _l("the costs"),
    Told.PLACE: _l("where to go"),
}
NOTHING = {
    Told.BRING: _l("nothing to bring"),
    Told.FEE: _l("free of charge"),
    Told.PLACE: _l("not said where"),
}


def differences(before: Says, after: Says) -> list[Difference]:
    """What changed of all that people must hear of. A translation that is added or mended is no change."""
    pairs = {
        Told.PLACE: ((before.place, before.place_en), (after.place, after.place_en)),
        Told.BRING: ((before.bring, ""), (after.bring, "")),
        Told.FEE: ((before.fee, ""), (after.fee, "")),
    }
    return [
        Difference(what=what, was=was, now_is=now_is) for what, (was, now_is) in pairs.items() if was[0] != now_is[0]
    ]


def say_names(found: Iterable[Difference]) -> str:
    """What changed, in a few words: where to go, what to bring."""
    return _(", ").join(str(NAMES[each.what]) for each in found)


def say_values(difference: Difference) -> tuple[str, str, str]:
    """One change: what, as it was, as it is."""
    nothing = str(NOTHING[difference.what])
    was, now_is = in_language(*difference.was) or nothing, in_language(*difference.now_is) or nothing
    return str(NAMES[difference.what]), was, now_is


def say_all(found: Sequence[Difference]) -> str:
    """Every change, a line each."""
    said = (say_values(each) for each in found)
    return "\n".join(
        _("%(what)s: %(now_is)s (before: %(was)s)", what=what, was=was, now_is=is_) for what, was, is_ in said
    )
