"""What is wanted on a sign-up form, checked for shape only; and what keeps somebody from having it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from center.kernel.errors import Conflict, DomainError, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.signups.models import Channel


@dataclass(frozen=True, kw_only=True)
class PlaceRequest:
    """What is wanted for one person, checked for shape only."""

    person_id: int
    uses_wheelchair: bool = False
    wants_companion: bool = False
    wants_pick_up: bool = False
    has_access_need: bool = False
    note: str = ""
    answers: Mapping[int, str] = field(default_factory=dict)  # by the question's id
    pool_id: int | None = None  # a named pool, which only staff give


@dataclass(frozen=True, kw_only=True)
class SignUpRequest:
    """One form: whom to sign up, together or each for themselves, and whether waiting is welcome."""

    places: Sequence[PlaceRequest]
    request_key: str  # one per form shown: sending a form twice is sending it once
    channel: Channel = Channel.ONLINE
    stays_together: bool = False  # all of them or none get places
    may_wait: bool = True
    seen: str | None = None  # the stamp of what the form showed of the roster
    asks_first: bool = False  # where there are places for some only, ask what to do instead of doing it


class Refused(RuleBroken):
    """Some of the people cannot be signed up: for each one's reasons (`refused`), by the id of the person."""

    def __init__(self, refused: Mapping[int, Sequence[DomainError]]) -> None:
        self.refused = dict(refused)
        super().__init__(self.every[0].message, field=self.every[0].field)

    @property
    def every(self) -> tuple[DomainError, ...]:
        """Everybody's reasons."""
        return tuple(error for errors in self.refused.values() for error in errors)


class Divided(Conflict):
    """There are places for some of them only: `seated` and `others` are the ids of the people."""

    def __init__(self, *, seated: Sequence[int], others: Sequence[int], fit_together: bool) -> None:
        super().__init__(_l("There are places for some of you only. Please choose."))
        self.seated, self.others = seated, others
        self.fit_together = fit_together  # all of them could have places at another time
