"""What every template may say unasked: the names of things, and how a moment, a phone number or an address is said.

Nothing here reads the database: what a page shows of it, the view hands over. What the frame of all pages shows of
whoever is signed in is read once a request (`layout`).
"""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Flask, request
from markupsafe import Markup

from center.bookings.series import words as series_words
from center.kernel import access, clock, i18n, texts
from center.kernel.caching import fragment_cache
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
from center.web.bookings.forms import BOOKING_QUERY
from center.web.layout import layout


def name_of(named: Any) -> str:
    """The name of anything that has one in both languages."""
    return i18n.in_language(named.name, named.name_en)


def confirmed_by(account: Account) -> date:
    """By which day the desk confirms a new account."""
    return i18n.local_date(account.created_at) + timedelta(days=i18n.centre().confirm_days)


def desk_phone_link() -> Markup:
    """The desk's phone number as a link that rings it, never broken over two lines."""
    phone = i18n.centre().desk_phone or ""
    digits = "".join(each for each in phone if each.isdigit() or each == "+")
    return Markup('<a class="nowrap" href="tel:{}">{}</a>').format(digits, phone)


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
    "FEATURES": FEATURES,
    "NOISE": NOISE,
    "Permission": access.Permission,
    "SignUpState": SignUpState,
    "USES": USES,
    "WEEKDAYS": WEEKDAYS,
    "age_band": rules.age_band,
    "asked_of_booking": asked_of_booking,
    "centre": i18n.centre,
    "centre_zone": i18n.centre_zone,
    "claim_sentence": claim_sentence,
    "confirmed_by": confirmed_by,
    "desk_phone_link": desk_phone_link,
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
    "organisation_words": organisation_words,
    "piece": fragment_cache.piece,
    "posting_words": posting_words,
    "say_consequence": say_consequence,
    "series_words": series_words,
    "sign_up_words": sign_up_words,
    "switch_address": switch_address,
}


def init_app(app: Flask) -> None:
    """Give all templates their words; the only place that does."""
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(WORDS)
