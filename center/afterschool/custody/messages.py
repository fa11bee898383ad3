"""What guardians hear of their child's day, in the transaction in which it is written down, each by their own way.

The child's name is shortened: a message is also read on a locked screen, and at the desk by whoever rings.
"""

from collections.abc import Callable
from datetime import datetime

from center.afterschool.custody import news
from center.afterschool.models.custody import Custody, CustodyEvent, Holder
from center.afterschool.rights.guardian_rights import readers_of
from center.kernel.i18n import format_clock
from center.kernel.i18n import gettext as _
from center.kernel.site import path_to
from center.notices import outbox
from center.notices.kinds import Kind, say_desk
from center.people.masking import masked_name


def tell_arrived(event: CustodyEvent, *, on_leave: bool, now: datetime) -> None:
    """A child is here."""
    _tell(event, news.CAME_ON_LEAVE if on_leave else news.ARRIVED, now=now)


def tell_left(event: CustodyEvent, *, now: datetime) -> None:
    """A child has gone home, or is with a guardian who said so."""
    _tell(event, news.LEFT, how=lambda: say_how(event), now=now)


def tell_corrected(event: CustodyEvent, holds: Custody | None, *, now: datetime) -> None:
    """What was told of an event was a slip; and who holds the child by what is known now."""
    _tell(event, news.CORRECTED, how=lambda: say_how(holds.event) if holds else _("nothing is known yet"), now=now)


def say_how(event: CustodyEvent) -> str:
    """Who holds a child, as a guardian reads it."""
    return _WORDS[event.holder](event)


def say_collector(event: CustodyEvent) -> str:
    """Who collected a child: their name and what they are to the child."""
    row = event.collector
    if row is None:
        return event.other_name
    return _("%(name)s (%(relation)s)", name=row.name, relation=row.relation) if row.relation else row.name


_WORDS: dict[Holder, Callable[[CustodyEvent], str]] = {
    Holder.ALONE: lambda event: _("went home alone"),
    Holder.BUS: lambda event: _("with the school bus %(bus)s", bus=event.bus),
    Holder.COLLECTOR: lambda event: _("collected by %(who)s", who=say_collector(event)),
    Holder.GUARDIAN: lambda event: _("is with a guardian, who said so on the phone"),
    Holder.ON_THE_WAY: lambda event: _("on the way to us with a member of staff"),
    Holder.ROOM: lambda event: _("is with us"),
    Holder.SCHOOL: lambda event: _("is expected from school"),
    Holder.SIBLING: lambda event: _("went home with a brother or sister"),
}


def _tell(event: CustodyEvent, kind: Kind, *, now: datetime, how: Callable[[], str] | None = None) -> None:
    child = event.child
    if child.erased_at is not None:
        return
    facts = {"child": masked_name(child.name), "time": lambda: format_clock(event.at), "desk": say_desk}
    if how is not None:
        facts["how"] = how
    for each in readers_of(child, now=now, on=event.on_date):
        outbox.tell(
            each, kind, key=f"custody:{event.id}:{kind.name}:{each.id}", facts=facts,
            about=f"custody:{child.id}:{event.on_date:%Y%m%d}", path=path_to("children.today", person_id=child.id),
            now=now,
        )  # fmt: skip
