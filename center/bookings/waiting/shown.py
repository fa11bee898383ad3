"""What the page of an offered time shows: where, when, and whether somebody must agree to it."""

from dataclasses import replace
from datetime import datetime

from center.bookings.models import Channel
from center.bookings.models.waiting import SlotWish
from center.bookings.rulebook.facts import Party
from center.bookings.rulebook.judging import Verdict, judge
from center.bookings.rulebook.rule_words import WAITS
from center.bookings.waiting.offers import as_asked
from center.bookings.whose import answering
from center.kernel.i18n import format_span, in_language
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.sealed import Fact, Facts
from center.people.models import Person


def judge_offer(wish: SlotWish, *, person: Person, channel: Channel, now: datetime) -> Verdict:
    """What the rules say to taking what is offered, by oneself or by the desk."""
    asked = as_asked(wish) if channel is Channel.ONLINE else replace(as_asked(wish), party=Party.STAFF)
    return judge(wish.room, asked, person=person, organisation=wish.organisation, now=now)


def facts_of_offer(wish: SlotWish, *, channel: Channel, now: datetime) -> Facts:
    """The facts as the page reads them."""
    person = next(iter(answering(wish, now=now)), wish.person)
    return facts_of(wish, waits=judge_offer(wish, person=person, channel=channel, now=now).waits)


def facts_of(wish: SlotWish, *, waits: bool) -> Facts:
    """The same, once it is known whether somebody must agree."""
    room, span = wish.room, (wish.starts_at, wish.ends_at)
    return {
        "room": Fact(f"{room.id} {room.name}", _l("Room"), lambda: in_language(room.name, room.name_en)),
        "when": Fact(repr([int(each.timestamp()) for each in span]), _l("When"), lambda: format_span(*span)),
        "waits": Fact(str(waits), _l("Approval"), lambda: str(WAITS[waits])),
    }
