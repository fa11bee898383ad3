"""The rule book's refusals in plain words: the reason, and the next step."""

from datetime import datetime

from center.kernel.errors import DomainError, RuleBroken
from center.kernel.i18n import format_moment, ngettext
from center.kernel.i18n import gettext as _
from center.signups.gates import Gate, GateBreach
from center.signups.rules import Shut, Window, shut_because


class GateShut(RuleBroken):
    """Somebody cannot have a place: it is not for such people."""

    def __init__(self, message: object, gate: Gate) -> None:
        super().__init__(message, field="person")
        self.gate = gate


def gate_refusal(breach: GateBreach) -> DomainError:
    """The error that says to somebody why a person cannot have a place, and what to do."""
    return GateShut(_gate_words(breach), breach.gate)


def shut_refusal(shut: Shut, *, opens_at: datetime | None = None) -> DomainError:
    """The error that says why nobody can sign up now."""
    return RuleBroken(_shut_words(shut, opens_at))


def refuse_once_over(window: Window, *, now: datetime) -> None:
    """Raises RuleBroken once all of it is over or called off: then nobody gets or loses a place any more."""
    if (shut := shut_because(window, now=now, as_staff=True)) in {Shut.CALLED_OFF, Shut.OVER}:
        raise shut_refusal(shut)


def _gate_words(breach: GateBreach) -> str:
    limit = breach.limit or 0
    match breach.gate:
        case Gate.AGE_UNKNOWN:
            return _("It is for a certain age, and the birth year is not known. Please tell the desk.")
        case Gate.TOO_YOUNG:
            return ngettext(
                "It is for people of %(num)d year and older.", "It is for people of %(num)d years and older.", limit
            )
        case Gate.TOO_OLD:
            return ngettext("It is for people up to %(num)d year.", "It is for people up to %(num)d years.", limit)
        case Gate.GUARDIAN:
            return ngettext(
                "Children under %(num)d year are signed up by a guardian. The desk can help.",
                "Children under %(num)d years are signed up by a guardian. The desk can help.",
                limit,
            )
        case Gate.RESIDENT:
            return _(
                "It is for residents of the estate whose door the desk has verified. If you live here,"
                " please show the desk something with the address on it."
            )
        case Gate.MEMBER:
            return _("It is for members of the organisation. Please ask its lead.")
        case Gate.ACCESS_NEED:
            return _("It is for people who need its access services. If that is you, please say so on the form.")


def _shut_words(shut: Shut, opens_at: datetime | None) -> str:
    match shut:
        case Shut.CALLED_OFF:
            return _("It has been called off, so nobody can sign up.")
        case Shut.CLOSED:
            return _("Sign-up is closed. Please ask the desk whether there is still a place.")
        case Shut.NOT_OPEN_YET:
            when = format_moment(opens_at) if opens_at else ""
            return _("Sign-up opens %(when)s. Please come back then.", when=when)
        case Shut.NOT_PUBLIC:
            return _("It has not been published yet, so nobody can sign up.")
        case Shut.OVER:
            return _("It is over.")
        case Shut.WALK_IN:
            return _("Nobody needs to sign up: just come.")
