"""How an activity is described: when and where it is, what it costs, for which ages, and the access it offers."""

import re
import unicodedata
from datetime import datetime
from typing import Any

from center.activities.models import Session
from center.kernel.i18n import format_span, in_language
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l

_FREE = re.compile(
    r"(?:[¥$€]?0+(?:\.0+)?(?:元|块|块钱|圆|圓|yuan|rmb|cny)?(?:/?(?:人|位|次))?"
    r"|(?:全部|全程|完全)?(?:免费|免費|全免)(?:参加|參加)?|不收费|不收費|不要钱|不要錢|无|無"
    r"|free(?:ofcharge)?|forfree|nocharge|nofee|none|gratis)?"
)
ACCESS_NAMES = {
    "is_step_free": _l("Step-free"),
    "is_narrated": _l("Narrated for blind people"),
    "has_sign_language": _l("Sign language"),
    "has_companion_seats": _l("Companion seats"),
    "has_pick_up": _l("Pick-up offered"),
}
ACCESS_ICONS = {
    "is_step_free": "wheelchair",
    "is_narrated": "volume",
    "has_sign_language": "ear",
    "has_companion_seats": "people",
    "has_pick_up": "door",
}


def say_when(sessions: list[Session], *, now: datetime) -> str:
    """The first of these sessions that has not ended, and how many follow it."""
    ahead = [each for each in sessions if each.ends_at > now] or sessions[-1:]
    if not ahead:
        return ""
    first = format_span(ahead[0].starts_at, ahead[0].ends_at)
    return _("%(when)s, and %(num)s more dates", when=first, num=len(ahead) - 1) if len(ahead) > 1 else first


def where(session: Session) -> str:
    """Where a session is: its room, else its own place, else the activity's."""
    if session.room is not None:
        return session.room.full_name
    return session.place or in_language(session.activity.place, session.activity.place_en)


def is_free(fee: str) -> bool:
    """Whether what stands under "costs" means that nobody pays: nothing, 0元, 免费, free."""
    plain = unicodedata.normalize("NFKC", fee).casefold()
    return _FREE.fullmatch(re.sub(r"[\s!.。,，;；~—-]+$|\s+", "", plain)) is not None


def access_of(activity: Any) -> list[str]:
    """The access an activity (or a card of one) offers, in words."""
    return [words for words, _icon in access_shown(activity)]


def access_shown(activity: Any) -> list[tuple[str, str]]:
    """The same with the name of an icon beside each."""
    return [(str(words), ACCESS_ICONS[name]) for name, words in ACCESS_NAMES.items() if getattr(activity, name)]


def ages_of(activity: Any) -> str:
    """For which ages an activity (or a card of one) is; nothing where for all."""
    low, high = activity.age_from, activity.age_to
    if high is not None:
        return _("%(low)s to %(high)s", low=low or 0, high=high)
    return _("%(low)s and older", low=low) if low is not None else ""


def fee_of(activity: Any) -> str:
    """What an activity (or a card of one) costs, in words."""
    return _("Free of charge") if is_free(activity.fee) else str(activity.fee)
