"""What every template may say unasked: the names of things, and how a moment, a phone number or an address is said.

Nothing here reads the database: what a page shows of it, the view hands over. What the frame of all pages shows of
whoever is signed in is read once a request (`layout`).
"""

import re
from collections import ChainMap
from collections.abc import Callable, KeysView, MutableMapping
from datetime import date, timedelta
from functools import lru_cache
from types import NoneType
from typing import Any
from urllib.parse import urlencode

from flask import Flask, current_app, g, has_request_context, request, url_for
from flask_login import current_user
from jinja2 import Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from markupsafe import Markup
from werkzeug.routing import Map

from center.activities import words as activity_words
from center.attendance import status_words as register_words
from center.attendance.words import ANSWER_HINTS, ANSWER_NAMES
from center.bookings.series import words as series_words
from center.incubator.stages import words as incubation_words
from center.kernel import access, clock, i18n, texts
from center.kernel.caching import fragment_cache
from center.kernel.texts import JOINER
from center.kernel.transactions import end_reading
from center.kernel.undoing import undo_until
from center.kernel.unreadable import Unreadable
from center.notices import addresses, kinds, showing
from center.notices.words import ASKED_FOR, STATE_NAMES, WAY_NAMES
from center.organisations import words as organisation_words
from center.people import browsers, phones, rules
from center.people.models import Account
from center.rooms.labels import FEATURES, NOISE, USES, WEEKDAYS, feature_names
from center.rooms.sentences import claim_sentence
from center.signups import words as sign_up_words
from center.signups.changing.consequence_words import say_consequence
from center.signups.models import SignUpState
from center.signups.posting import words as posting_words
from center.signups.to_answer import ToLookAt, to_look_at
from center.web.alarm_strip import alarms_waiting
from center.web.answer_signs import ANSWER_SIGNS
from center.web.bookings.forms import BOOKING_QUERY
from center.web.people.searching import desk_search
from center.web.timeline import TimelinePieces
from center.web.workspace_links import opens_workspace

NOTHING = ToLookAt(0, 0, asks=False)
MOST_ADDRESSES = 4096  # kept by a process: a page names a hundred, mostly those that the pages before it named
PLAIN = frozenset({str, int, NoneType})  # equal values of these are written alike; True is not one of them
# Attributes have a ">" before the next "<". The words of a choice or a button are short, and looked for by name.
_IN_TEXT = r"(?=[^<>]*<(?!/(?:button|label|option|script|style|text|textarea|title)))"
_YEAR = re.compile(r"年(?<=\d年)" + _IN_TEXT)
_MONTH = re.compile(r"月(?<=\d月)(?:(\d{1,2})日)?" + _IN_TEXT)
_CLOCK = re.compile(r"午(?<=[上下中]午)(?=\d)" + _IN_TEXT)
# One for each mark: what begins with a letter of its own is found many times faster than one of several.
_PAUSES = [(mark, re.compile(rf"{mark} (?=[\u2e80-\u9fff“])" + _IN_TEXT)) for mark in "。！？；"]
_WEEKDAY = re.compile(r"周(?:(?<=日 周)|(?<=[^\s>]周))([一二三四五六日])" + _IN_TEXT)


class UnbrokenTemplate(Template):
    """A template whose page keeps dates whole: inside 11月, 周二 or 下午2:30 no line breaks. Chinese breaks elsewhere.

    Chinese sentences that a template writes one after the other follow each other without the space of English.

    Done once, where a page leaves its template, whatever a date came from. Only text between tags is touched. What
    leaves the house by other ways (files, feeds, messages, a title) is not: there an invisible character would be found
    again where nobody looks for it.
    """

    def render(self, *args: object, **kwargs: object) -> str:
        """The page, with its dates kept whole."""
        return unbroken(super().render(*args, **kwargs))

    def _get_default_module(self, _ctx: Context | None = None) -> TemplateModule:
        """What a page imports of this template, made once: all templates have the same words, so none need be compared
        with those of the page, which took longer than many a macro."""
        return super()._get_default_module()


def unbroken(page: str) -> str:
    """A page (or a piece of one) whose dates no line breaks; twice is once."""
    page = _YEAR.sub(JOINER + "年", page)
    page = _MONTH.sub(_month, page)
    for mark, pause in _PAUSES:
        page = pause.sub(mark, page)
    page = _CLOCK.sub(f"{JOINER}午{JOINER}", page)
    return _WEEKDAY.sub(rf"周{JOINER}\1", page)


def _month(found: re.Match[str]) -> str:
    day = found[1]
    return f"{JOINER}月{JOINER}{day}{JOINER}日" if day else f"{JOINER}月"


def layout() -> ToLookAt:
    """What whoever is signed in is to look at, read once a request by whichever page first draws its frame; none where
    the database is away."""
    if "layout" not in g:
        may_ask = not g.get("sessions_unreadable") and current_user.is_authenticated
        g.layout = to_look_at(current_user.person_id, now=clock.now()) if may_ask else NOTHING
        end_reading()
    found: ToLookAt = g.layout
    return found


def name_of(named: Any) -> str:
    """The name of anything that has one in both languages."""
    return i18n.in_language(named.name, named.name_en)


def confirmed_by(account: Account) -> date:
    """By which day the desk confirms a new account."""
    return i18n.local_date(account.created_at) + timedelta(days=i18n.centre().confirm_days)


def desk_phone_link() -> Markup:
    """The desk's phone number as a link that rings it, never broken over two lines; nothing where there is none."""
    phone = i18n.centre().desk_phone or ""
    if not phone:
        return Markup("")
    digits = "".join(each for each in phone if each.isdigit() or each == "+")
    return Markup('<a class="nowrap" href="tel:{}">{}</a>').format(digits, phone)


def address_of(endpoint: str, **values: Any) -> str:
    """What `url_for` says in a template. It depends on these values and on where the site is mounted, nothing else."""
    is_kept = has_request_context() and endpoint[0] != "." and PLAIN.issuperset(map(type, values.values()))
    if not is_kept or "_external" in values:
        return url_for(endpoint, **values)
    return _built(current_app.url_map, request.root_path, endpoint, tuple(values.items()))


@lru_cache(maxsize=MOST_ADDRESSES)
def _built(_of: Map, _mounted_at: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    return url_for(endpoint, **dict(values))


def switch_address(**changes: str) -> str:
    """This page's address with some query values changed, such as lang='en'."""
    query = {**request.args.to_dict(), **changes}
    return f"{request.path}?{urlencode(query)}"


def asked_of_booking() -> dict[str, str]:
    """What the address says of a booking, for the next page about it; nothing else of the address is passed on."""
    return {name: request.args[name] for name in BOOKING_QUERY if name in request.args}


FILTERS: dict[str, Any] = {
    "asked_for": ASKED_FOR.__getitem__,
    "body": showing.body,
    "browser": browsers.name_of,
    "clock": i18n.format_clock,
    "clocks": i18n.format_clocks,
    "day": i18n.format_day,
    "delivery_state": STATE_NAMES.__getitem__,
    "gist": showing.gist,
    "lunar": i18n.lunar_day,
    "masked": phones.mask,
    "minutes": i18n.format_minutes,
    "moment": i18n.format_moment,
    "month": i18n.format_month,
    "role_name": rules.name_of_role,
    "said_reason": texts.said,
    "sort_of_address": addresses.sort_of,
    "subject": showing.subject,
    "title_of_news": kinds.title_of,
    "way_name": WAY_NAMES.__getitem__,
    "weekday": i18n.format_weekday,
    "without_secrets": addresses.masked,
}
WORDS: dict[str, Any] = {
    "ANSWER_HINTS": ANSWER_HINTS,
    "ANSWER_NAMES": ANSWER_NAMES,
    "ANSWER_SIGNS": ANSWER_SIGNS,
    "FEATURES": FEATURES,
    "NOISE": NOISE,
    "Permission": access.Permission,
    "SignUpState": SignUpState,
    "USES": USES,
    "WEEKDAYS": WEEKDAYS,
    "age_band": rules.age_band,
    "alarms_waiting": alarms_waiting,
    "asked_of_booking": asked_of_booking,
    "centre": i18n.centre,
    "centre_zone": i18n.centre_zone,
    "claim_sentence": claim_sentence,
    "confirmed_by": confirmed_by,
    "desk_phone_link": desk_phone_link,
    "desk_search": desk_search,
    "feature_names": feature_names,
    "format_span": i18n.format_span,
    "in_language": i18n.in_language,
    "is_current": rules.is_current,
    "is_elder": i18n.is_elder,
    "language": i18n.language,
    "language_names": i18n.LANGUAGE_NAMES,
    "languages_on_offer": i18n.languages_on_offer,
    "layout": layout,
    "local_date": i18n.local_date,
    "may": access.may,
    "name_of": name_of,
    "now": clock.now,
    "incubation_words": incubation_words,
    "opens_workspace": opens_workspace,
    "organisation_words": organisation_words,
    "piece": fragment_cache.piece,
    "posting_words": posting_words,
    "register_words": register_words,
    "say_consequence": say_consequence,
    "series_words": series_words,
    "activity_words": activity_words,
    "sign_up_words": sign_up_words,
    "switch_address": switch_address,
    "timeline_pieces": TimelinePieces,
    "undo_until": undo_until,
    "url_for": address_of,
}


class Words(ChainMap[str, Any]):
    """The words of one template. Whatever imports it asks for the names of all of them each time."""

    def keys(self) -> KeysView[str]:
        """Of a plain dictionary, which is asked many times faster."""
        return {**self.maps[1], **self.maps[0]}.keys()


def _words_of(all_of_them: MutableMapping[str, Any]) -> Callable[[MutableMapping[str, Any] | None], Words]:
    return lambda d: Words(d or {}, all_of_them)


def init_app(app: Flask) -> None:
    """Give all templates their words; the only place that does."""
    app.jinja_env.make_globals = _words_of(app.jinja_env.globals)  # type: ignore[method-assign, assignment]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.template_class = UnbrokenTemplate
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(WORDS)
    app.jinja_env.tests["unreadable"] = lambda value: isinstance(value, Unreadable)
