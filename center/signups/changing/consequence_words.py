"""What follows from changing a roster or its dates, as sentences."""

from collections.abc import Callable

from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import ngettext
from center.signups.changing.rules import Consequence


def say_consequence(what: Consequence, number: int) -> str:
    """One consequence as a sentence."""
    said = _COUNTED.get(what)
    return said(number) if said else str(_PLAIN[what])


_COUNTED: dict[Consequence, Callable[[int], str]] = {
    Consequence.ALL_KEEP_PLACES: lambda number: ngettext(
        "%(num)d person who has a place keeps it.",
        "%(num)d people who have a place keep it.",
        number,
    ),
    Consequence.ASKING_ARE_DECIDED: lambda number: ngettext(
        "%(num)d person who asked waits for your decision.",
        "%(num)d people who asked wait for your decision.",
        number,
    ),
    Consequence.ASKING_ARE_DRAWN: lambda number: ngettext(
        "%(num)d person who asked takes part in the draw.",
        "%(num)d people who asked take part in the draw.",
        number,
    ),
    Consequence.ASKING_GET_PLACES: lambda number: ngettext(
        "%(num)d person who asked gets a place now, or waits if none is left. They are told.",
        "%(num)d people who asked get places now, in the order they came; the others wait. They are told.",
        number,
    ),
    Consequence.CANCEL_FOR_A_DAY: lambda number: ngettext(
        "The deadline for cancelling is over then: %(num)d person can cancel without a word for one more day.",
        "The deadline for cancelling is over then: %(num)d people can cancel without a word for one more day.",
        number,
    ),
    Consequence.DRAWN_AT_ONCE: lambda number: ngettext(
        "Sign-up closes at once and the places are drawn: %(num)d person who takes part is told the result.",
        "Sign-up closes at once and the places are drawn: %(num)d people who take part are told the result.",
        number,
    ),
    Consequence.DRAWN_ON_ANOTHER_DAY: lambda number: ngettext(
        "The places are drawn at another time. %(num)d person takes part so far.",
        "The places are drawn at another time. %(num)d people take part so far.",
        number,
    ),
    Consequence.KEPT_AGAIN: lambda number: ngettext(
        "%(num)d place that was released is kept again until the new date draws near.",
        "%(num)d places that were released are kept again until the new date draws near.",
        number,
    ),
    Consequence.OFFERS_ANEW: lambda number: ngettext(
        "%(num)d person has an offer; the deadline for it follows the date.",
        "%(num)d people have an offer; the deadline for it follows the date.",
        number,
    ),
    Consequence.OTHER_DEADLINE: lambda number: ngettext(
        "%(num)d person who signed up sees the new deadline on their sign-up; nobody is told by message.",
        "%(num)d people who signed up see the new deadline on their sign-up; nobody is told by message.",
        number,
    ),
    Consequence.OUTSIDE_KEEP: lambda number: ngettext(
        "%(num)d person who signed up would not be let in any more. They keep what they have.",
        "%(num)d people who signed up would not be let in any more. They keep what they have.",
        number,
    ),
    Consequence.RELEASED_AT_ONCE: lambda number: ngettext(
        "%(num)d kept place is for everybody at once, and goes to those who wait.",
        "%(num)d kept places are for everybody at once, and go to those who wait.",
        number,
    ),
    Consequence.WAITING_STAY: lambda number: ngettext(
        "%(num)d person who waits stays in the queue; nobody new can wait.",
        "%(num)d people who wait stay in the queue; nobody new can wait.",
        number,
    ),
}
_PLAIN = {
    Consequence.CLOSES_AT_ONCE: _l("Sign-up closes at once. The desk can still sign people up."),
    Consequence.NOT_DRAWN_DECLINED: _l("Who is not drawn has no place and does not wait."),
    Consequence.OPENS_AT_ONCE: _l("Sign-up opens at once."),
    Consequence.OPEN_AGAIN: _l("Sign-up, which has closed, is open again."),
    Consequence.RELEASED_ALREADY: _l("The kept places were given to everybody already, so this changes nothing."),
    Consequence.SHUT_UNTIL_OPENING: _l(
        "Sign-up is shut until it opens. Whoever has signed up already keeps what they have."
    ),
}
