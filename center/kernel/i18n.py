"""Language, elder mode, and how dates and times are said.

Source strings are English; Simplified Chinese comes first.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import flask_babel
from babel import Locale
from babel.dates import format_date as babel_date
from babel.dates import format_time as babel_time
from flask import Flask, Response, current_app, g, has_app_context, has_request_context, request
from flask_babel import Babel, get_locale
from flask_babel.speaklater import LazyString
from flask_login import current_user
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from lunar_python import Solar
from markupsafe import Markup, escape

from center.kernel import texts

__all__ = ["gettext", "lazy_gettext", "ngettext"]

LOCALES = {"zh": "zh_Hans_CN", "en": "en"}
LANGUAGE_NAMES = {"zh": "中文", "en": "English"}
COOKIE_DAYS = 365
_OF_A_CLOCK = "0123456789:"
_FROM_LANGUAGE = ("catalogue", "locale")  # worked out once, and again when another language is spoken


class LazySentence(LazyString):
    """A sentence that is translated when it is shown. What stands in it is text, as in any other string.

    Its library would hand it to a page as ready markup, with all that people wrote into it.
    """

    def __html__(self) -> Markup:
        return escape(str(self))


def gettext(words: str, /, **facts: Any) -> str:
    """A sentence in the language now spoken, with its facts in it."""
    said = str(_catalogue().ugettext(words))
    return said % texts.fitting(said, facts) if facts else said


def ngettext(one: str, many: str, number: int, /, **facts: Any) -> str:
    """The same of a number, which the sentence may say as %(num)d."""
    said = str(_catalogue().ungettext(one, many, number))
    return said % texts.fitting(said, {"num": number, **facts})


def lazy_gettext(words: str, **facts: Any) -> LazySentence:
    """A sentence to be translated when it is shown, in the reader's language."""
    return LazySentence(gettext, words, **facts)


def init_app(app: Flask) -> None:
    """Choose language and zone for each request, and remember `?lang=` and `?elder=` in this browser."""
    app.config["BABEL_DEFAULT_LOCALE"] = LOCALES["zh"]
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(app.root_path) + "/translations"
    Babel(app, locale_selector=lambda: LOCALES[language()], timezone_selector=lambda: centre_zone().key)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # the i18n extension adds it
        gettext=lambda words: _catalogue().ugettext(words),
        ngettext=lambda one, many, count: _catalogue().ungettext(one, many, count),
        newstyle=True,
    )
    app.jinja_env.globals.update(gettext=_gettext_of_page, ngettext=_ngettext_of_page)
    app.after_request(_remember)


@pass_eval_context
def _gettext_of_page(context: EvalContext, words: str, /, **facts: Any) -> str:
    return _filled_in(context, _catalogue().ugettext(words), facts)


@pass_eval_context
def _ngettext_of_page(context: EvalContext, one: str, many: str, number: int, /, **facts: Any) -> str:
    return _filled_in(context, _catalogue().ungettext(one, many, number), {"num": number, **facts})


def _filled_in(context: EvalContext, said: str, facts: dict[str, Any]) -> str:
    """What a page says; whatever people wrote is escaped in it."""
    sentence = Markup(said) if context.autoescape else said  # noqa: S704  (the catalogue's words are ours)
    return sentence % texts.fitting(said, facts)


def _catalogue() -> Any:
    """The translations of this request, looked up once: a page asks for hundreds of words."""
    kept = _kept()
    if "catalogue" not in kept:
        kept["catalogue"] = flask_babel.get_translations()
    return kept["catalogue"]


def _kept() -> dict[str, Any]:
    """What `g` keeps, by name: a page asks for it thousands of times, and `g` looks itself up at each of them."""
    return vars(g._get_current_object()) if has_app_context() else {}


def centre() -> Any:
    """The centre's own facts (`center.premises.models.CentreFacts`), read once per request."""
    kept = _kept()
    if "centre" not in kept:
        kept["centre"] = current_app.extensions["centre"]()
    return kept["centre"]


def centre_zone() -> ZoneInfo:
    """The zone whose clock hangs on the centre's wall."""
    return ZoneInfo(centre().zone_name)  # which keeps those it has made


def languages_on_offer() -> list[str]:
    """Language codes that the centre offers; the first is the default."""
    return str(centre().language_list).split(",")


def language() -> str:
    """'zh' or 'en': asked for in the address, else this browser's, else the account's, else the centre's first."""
    if not has_request_context():
        return "zh"
    kept = _kept()
    if "language" not in kept:
        kept["language"] = _choose_language()
    return str(kept["language"])


def _choose_language() -> str:
    offered = languages_on_offer()
    return next((wish for wish in (*_asked("lang"), _of_account("locale")) if wish in offered), str(offered[0]))


def _asked(name: str) -> list[str]:
    """What is asked for in the address, then by this browser."""
    return [asked[name] for asked in (request.args, request.cookies) if name in asked]


def _of_account(name: str) -> Any:
    """What is set for the account that is signed in, if any."""
    return getattr(current_user, name, None) if current_user else None


def use_asked_language() -> None:
    """Answer in the address's language, else the centre's first, whoever asks: for what programs fetch."""
    offered = languages_on_offer()
    wish = request.args.get("lang")
    g.language = wish if wish in offered else str(offered[0])
    for name in _FROM_LANGUAGE:
        g.pop(name, None)
    flask_babel.refresh()


def speaking(code: str) -> AbstractContextManager[None]:
    """Say what is said inside in one language, for what shows several at once; templates drawn inside, too."""
    return _saying(code, language=code)


def addressing(code: str, *, is_elder: bool = False) -> AbstractContextManager[None]:
    """Say what is said inside to somebody else than whoever asked: in their language, with their way to tell time."""
    return _saying(code, language=code, elder=is_elder)


@contextmanager
def _saying(code: str, **said: Any) -> Iterator[None]:
    before = {name: g.pop(name) for name in (*said, *_FROM_LANGUAGE) if name in g}
    for name, value in said.items():
        setattr(g, name, value)
    try:
        with flask_babel.force_locale(LOCALES[code]):
            yield
    finally:
        for name in (*said, *_FROM_LANGUAGE):
            g.pop(name, None)
        for name, value in before.items():
            setattr(g, name, value)


def is_elder() -> bool:
    """Whether the page is in elder mode (长辈版): asked for in the address, else this browser's, else the account's."""
    kept = _kept()
    if "elder" not in kept:
        kept["elder"] = has_request_context() and _choose_elder()
    return bool(kept["elder"])


def _choose_elder() -> bool:
    wish = next((wish for wish in _asked("elder") if wish in {"0", "1"}), None)
    return bool(_of_account("elder_mode")) if wish is None else wish == "1"


def format_day(day: date, *, with_year: bool = True, with_weekday: bool = True) -> str:
    """2019年1月28日 周一 · Mon 28 Jan 2019."""
    if _is_chinese():
        pattern = ("y年" if with_year else "") + "M月d日" + (" EEE" if with_weekday else "")
    else:
        pattern = ("EEE " if with_weekday else "") + "d MMM" + (" y" if with_year else "")
    return babel_date(day, pattern, locale=_locale())


def format_weekday(day: date) -> str:
    """周一 · Mon."""
    return babel_date(day, "EEE", locale=_locale())


def format_month(day: date) -> str:
    """2026年11月 · November 2026."""
    return babel_date(day, "y年M月" if _is_chinese() else "MMMM y", locale=_locale())


def format_clock(moment: datetime | time) -> str:
    """14:30; in elder mode 下午2:30 · 2:30 PM, and 中午12:00 · 12:00 noon. A moment is said in the centre's zone."""
    local = moment.astimezone(centre_zone()).time() if isinstance(moment, datetime) else moment
    if not is_elder():
        return local.strftime("%H:%M")
    if local.hour in {0, 12} and (_is_chinese() or local.minute == 0):
        clock = f"12:{local.minute:02d}"
        return gettext("%(clock)s noon", clock=clock) if local.hour else gettext("%(clock)s midnight", clock=clock)
    return babel_time(local, "ah:mm" if _is_chinese() else "h:mm a", locale=_locale())


def format_clocks(start: datetime | time, end: datetime | time) -> str:
    """14:30–16:00; in elder mode 下午2:30–4:00 · 2:30–4:00 PM: the part of the day is said once if both share it."""
    first, last = format_clock(start), format_clock(end)
    part = first.strip(_OF_A_CLOCK)
    if part == last.strip(_OF_A_CLOCK):
        first, last = first.removesuffix(part), last.removeprefix(part)  # one of them does nothing
    return f"{first}–{last}"


def format_moment(moment: datetime) -> str:
    """The day and the clock time, in the centre's zone."""
    return f"{format_day(local_date(moment))} {format_clock(moment)}"


def format_span(start: datetime, end: datetime) -> str:
    """2019年1月28日 周一 14:30–16:00, in the centre's zone."""
    return f"{format_day(local_date(start))} {format_clocks(start, end)}"


def format_minutes(minutes: int) -> str:
    """1 小时 30 分钟 · 1 h 30 min; whole days as days."""
    if minutes and minutes % 1440 == 0:
        return ngettext("%(num)d day", "%(num)d days", minutes // 1440)
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(ngettext("%(num)d hour", "%(num)d hours", hours))
    if rest or not hours:
        parts.append(ngettext("%(num)d minute", "%(num)d minutes", rest))
    return " ".join(parts)


def local_date(moment: datetime) -> date:
    """The date on the centre's calendar at this moment."""
    return moment.astimezone(centre_zone()).date()


@lru_cache(maxsize=2000)
def lunar_day(day: date) -> str:
    """农历十月十五: the lunar date, shown small beside the solar one in Chinese."""
    lunar = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    return f"农历{lunar.getMonthInChinese()}月{lunar.getDayInChinese()}"


def in_language(chinese: str, english: str | None) -> str:
    """The centre's own words in the reader's language; the Chinese where no English was given."""
    return chinese if _is_chinese() or not english else english


def _locale() -> Any:
    """That of the language now spoken, looked up once as well."""
    kept = _kept()
    if "locale" not in kept:
        kept["locale"] = get_locale() or Locale.parse(LOCALES["zh"])
    return kept["locale"]


def _is_chinese() -> bool:
    return bool(_locale().language == "zh")


def _remember(response: Response) -> Response:
    if not request.args or response.mimetype != "text/html":
        return response  # a file is fetched by programs, and kept by caches
    wishes = {"lang": LOCALES.keys(), "elder": {"0", "1"}}
    for name, allowed in wishes.items():
        wish = request.args.get(name)
        if wish is not None and wish in allowed:
            secure, lasts = current_app.config["SESSION_COOKIE_SECURE"], COOKIE_DAYS * 86400
            response.set_cookie(name, wish, max_age=lasts, samesite="Lax", httponly=True, secure=secure)
    return response
