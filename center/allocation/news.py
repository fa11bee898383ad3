"""What organisations are told of an allocation."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import select

from center.allocation.models import AllocationRound, TermWish
from center.kernel.db import db
from center.kernel.i18n import format_moment, in_language, local_date
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.site import path_to
from center.notices import outbox
from center.notices.kinds import Calls, Kind, kinds_in, reason_facts, register, say_desk
from center.organisations.models import Organisation, Stage
from center.organisations.queries import leads_of_each
from center.people.models import Person

OF_ROUND = frozenset({"name", "organisation", "round", "until", "desk", "result", "reason", "why"})
NOT_YET = (Stage.APPLIED, Stage.WITHDRAWN)

OPENED = Kind(
    code="allocation.opened",
    title=_l("Wishes for room times of a term"),
    subject=_l("Room times of %(round)s: wishes until %(until)s"),
    body=_l(
        "Hello %(name)s,\n\nthe weekly room times of %(round)s are given out. Say until %(until)s what "
        "%(organisation)s needs a room for, and which times would suit, the best first. What counts is published; "
        "naming other times than those you like best gains nothing.\n\n%(desk)s"
    ),
    facts=OF_ROUND,
    calls=Calls.WITHOUT_ACCOUNT,
)
WITHDRAWN = Kind(
    code="allocation.withdrawn",
    title=_l("Allocation of a term called off"),
    subject=_l("The allocation of %(round)s is called off"),
    body=_l(
        "Hello %(name)s,\n\nthe room times of %(round)s are not given out this way. %(why)s\n\nRooms can be booked as "
        "always. %(desk)s"
    ),
    facts=OF_ROUND,
    calls=Calls.UNLESS_READ,
    is_end=True,
)
PUBLISHED = Kind(
    code="allocation.published",
    title=_l("Result of an allocation"),
    subject=_l("Room times of %(round)s: the result for %(organisation)s"),
    body=_l(
        "Hello %(name)s,\n\nthe room times of %(round)s are given out. For %(organisation)s:\n\n%(result)s\n\nWhy each "
        "wish got what it got, and which times are left, is on the page. %(desk)s"
    ),
    facts=OF_ROUND,
    gist="%(result)s",
    calls=Calls.UNLESS_READ,
)
register(kinds_in(vars()))


def tell_opened(found: AllocationRound, *, now: datetime) -> None:
    """Tell the leads of every organisation that may wish."""
    query = select(Organisation).where(Organisation.stage.is_(None) | Organisation.stage.not_in(NOT_YET))
    organisations = db.session.scalars(query.order_by(Organisation.id)).all()
    _tell_leads(found, OPENED, organisations, key="opened", now=now)


def tell_withdrawn(found: AllocationRound, reason: str, *, now: datetime) -> None:
    """Tell the leads of those who had wished."""
    wished = select(TermWish.organisation_id).where(TermWish.round_id == found.id, TermWish.withdrawn_at.is_(None))
    organisations = db.session.scalars(select(Organisation).where(Organisation.id.in_(wished))).all()
    _tell_leads(found, WITHDRAWN, organisations, key="withdrawn", now=now, **reason_facts(reason))


@dataclass(frozen=True)
class ResultOf:
    """What the wishes of an organisation got, said in the reader's language, and who answers for its series."""

    organisation: Organisation
    words: Any
    answer: Sequence[Person]


def tell_result(found: AllocationRound, results: Sequence[ResultOf], *, now: datetime) -> None:
    """Tell the leads of each organisation, and who answers for its series, what its wishes got: each of them once."""
    of_each = {each.organisation.id: each for each in results}
    _tell_leads(
        found,
        PUBLISHED,
        [each.organisation for each in results],
        key="published",
        now=now,
        of_each=lambda organisation: {"result": of_each[organisation.id].words},
        beside={key: each.answer for key, each in of_each.items()},
    )


def _tell_leads(
    found: AllocationRound,
    kind: Kind,
    organisations: Iterable[Organisation],
    *,
    key: str,
    now: datetime,
    of_each: Callable[[Organisation], Mapping[str, Any]] = lambda _organisation: {},
    beside: Mapping[int, Sequence[Person]] = MappingProxyType({}),
    **facts: Any,
) -> None:
    listed = list(organisations)
    leads = leads_of_each([each.id for each in listed], on=local_date(now)) if listed else {}
    for organisation in listed:
        people = [*leads.get(organisation.id, ()), *beside.get(organisation.id, ())]
        for lead in dict.fromkeys(people):
            said = {
                "organisation": _name_of(organisation),
                "round": _name_of(found),
                "until": lambda: format_moment(found.closes_at),
                "desk": say_desk,
                **facts,
                **of_each(organisation),
            }
            outbox.tell(
                lead,
                kind,
                key=f"allocation:{found.id}:{key}:{organisation.id}:{lead.id}",
                facts=said,
                path=path_to("allocation.own_wishes", organisation=organisation.slug, term=found.slug),
                about=f"allocation:{found.id}:{organisation.id}",
                now=now,
            )


def _name_of(named: Organisation | AllocationRound) -> Any:
    return lambda: in_language(named.name, named.name_en)
