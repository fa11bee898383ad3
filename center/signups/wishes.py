"""What is wanted on a sign-up form, checked for shape only; and what keeps somebody from having it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from center.kernel.errors import Conflict, DomainError, RuleBroken
from center.signups.models import Channel


@dataclass(frozen=True, kw_only=True)
class Wish:
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

    wishes: Sequence[Wish]
    request_key: str  # one per form shown: sending a form twice is sending it once
    channel: Channel = Channel.ONLINE
    stays_together: bool = False  # all of them or none get places
    may_wait: bool = True
    seen: str | None = None  # the stamp of what the form showed of the roster
    asks_first: bool = False  # where there are places for some only, ask what to do instead of doing it


class Refused(RuleBroken):
    """Some of the people cannot be signed up: `facts["refused"]` has each one's reasons, by the id of the person."""

    def __init__(self, refused: Mapping[int, Sequence[DomainError]]) -> None:
        every = tuple(error for errors in refused.values() for error in errors)
        super().__init__(every[0].message, field=every[0].field, facts={"refused": dict(refused), "all": every})


class Divided(Conflict):
    """There are places for some of them only: `facts["seated"]` and `facts["others"]` are the ids of the people."""
