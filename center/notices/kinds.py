"""The kinds of news there are, each with its words. A feature registers its own; the outbox says them.

Words are lazy English sentences with %(facts)s in them, so that one notice is said in the language of whoever gets it.
A kind's `facts` are all the names its words may use: whoever edits the words is shown them, each with an example.
"""

import enum
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from center.kernel import texts
from center.kernel.i18n import centre
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.logs import log
from center.kernel.texts import within_quotes

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
FIELD = re.compile(r"\{([^{}\n]*)\}")
SUBJECT_MOST = 200


@dataclass(frozen=True)
class Words:
    """What a notice says."""

    subject: str
    body: str


def tidied(subject: str, body: str) -> Words:
    """Words as they are sent: a subject of one line, and no gaps where a field was empty."""
    lines = (line.rstrip() for line in body.splitlines())
    whole = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return Words(" ".join(subject.split())[:SUBJECT_MOST], whole)


def filled(words: Words, said: Mapping[str, str]) -> Words:
    """Words with what their fields stand for; raises KeyError with the name of a field that nothing is known of."""
    subject, body = (FIELD.sub(lambda found: _fitting(found, said), text) for text in (words.subject, words.body))
    return tidied(subject, body)


def _fitting(found: re.Match[str], said: Mapping[str, str]) -> str:
    fact, words = said[found[1].strip()], found.string
    is_quoted = words[: found.start()].endswith("“") and words[found.end() :].startswith("”")
    return within_quotes(fact) if is_quoted else fact


def unknown_fields(text: str, known: Collection[str]) -> list[str]:
    """The fields in some words that mean nothing here, each once, in order."""
    names = (name.strip() for name in FIELD.findall(text))
    return list(dict.fromkeys(name for name in names if name not in known))


def has_loose_brace(text: str) -> bool:
    """Whether a brace was opened and not closed, or the other way round."""
    rest = FIELD.sub("", text)
    return "{" in rest or "}" in rest


def with_fields(text: str) -> str:
    """The house's words as staff write them: {room} instead of %(room)s."""
    return PLACEHOLDER.sub(r"{\1}", text).replace("%%", "%")


class Calls(enum.StrEnum):
    """When a kind of news is worth a telephone call."""

    NEVER = "never"  # the person did it themselves, or stood at the desk
    IF_WANTED = "if_wanted"  # a kindness: as they asked for it, else at the door for whoever has no account
    WITHOUT_ACCOUNT = "without_account"  # whoever can look it up need not be rung
    UNLESS_READ = "unless_read"  # others changed their plans: they must hear of it


@dataclass(frozen=True, kw_only=True, eq=False)
class Kind:
    """One kind of news: what staff call it, what is said, and how hard to try to reach whoever it is for. Whoever
    tells it names it: one constant each, in `news.py` of its part.
    """

    code: str
    title: Any
    subject: Any
    body: Any
    facts: frozenset[str]
    gist: Any = ""  # what changed, in a line or two, for whoever sees it among their news: before and now
    calls: Calls = Calls.NEVER
    is_asked_for: bool = False  # the person did something this minute and waits to hear of it, at any hour
    at_any_hour: bool = False  # it cannot wait for the morning: a child is missing
    asks: bool = False  # whoever is told is asked for an answer of their own
    is_end: bool = False  # nothing holds any more of what it tells of
    is_reminder: bool = False  # worth nothing once there is newer news of the same thing

    @property
    def name(self) -> str:
        """What its part calls it; tells apart, in keys, what was said of one thing."""
        return self.code.rpartition(".")[2]


_kinds: dict[str, Kind] = {}
# Of a kind, by its code: where its letter alone leads in place of the message's page. It is found while the letter is
# written and kept nowhere, since whoever has it needs no sign-in.
letter_paths: dict[str, Callable[[Any], str | None]] = {}


def letter_path(notice: Any) -> str:
    """The page that a letter leads to."""
    return open_path(notice) or str(notice.path)


def open_path(notice: Any) -> str | None:
    """The page that a letter or a slip leads to without signing in, where its kind has one."""
    return letter_paths[notice.kind](notice) if notice.kind in letter_paths else None


def register(kinds: Iterable[Kind]) -> None:
    """Make kinds of news known; a code stands for one kind only."""
    for kind in kinds:
        if _kinds.setdefault(kind.code, kind) is not kind:
            raise ValueError(f"two kinds of news are called {kind.code}")


def kinds_in(module: Mapping[str, object]) -> list[Kind]:
    """The kinds of news among the names of a module."""
    return [each for each in module.values() if isinstance(each, Kind)]


def get_kind(code: str) -> Kind:
    """The kind with this code; raises KeyError for one that nobody registered."""
    return _kinds[code]


def find_kind(code: str) -> Kind | None:
    """The kind with this code, if it is still known."""
    return _kinds.get(code)


def all_kinds() -> list[Kind]:
    """Every kind, by its code."""
    return [_kinds[code] for code in sorted(_kinds)]


def title_of(code: str) -> Any:
    """What staff call a kind; the code of one that is not known any more."""
    kind = _kinds.get(code)
    return kind.title if kind else code


def say(kind: Kind, facts: Mapping[str, Any], own: Words | None = None) -> Words:
    """The words of a notice in the language now spoken. Facts may be callables, called now; empty ones leave no gap.

    The centre's own words come first; where they cannot be said, the house's words are said instead.
    """
    said = _said(kind, facts)
    house = tidied(*(_filled(str(words), said) for words in (kind.subject, kind.body)))
    if own is None:
        return house
    try:
        words = filled(own, said)
    except KeyError as missing:
        log.warning("own_words_do_not_fit", kind=kind.code, field=str(missing.args[0]))
        return house
    return words if words.subject and words.body else house


def gist_of(kind: Kind, facts: Mapping[str, Any]) -> str:
    """What a notice is about in a line or two, in the language now spoken; nothing where its subject says it all."""
    if not kind.gist:
        return ""
    return tidied("", _filled(str(kind.gist), _said(kind, facts))).body


def _filled(words: str, said: dict[str, str]) -> str:
    return words % texts.fitting(words, said)


def _said(kind: Kind, facts: Mapping[str, Any]) -> dict[str, str]:
    """The facts of its kind in the language now spoken. What it never says is not worked out."""
    return {name: str(fact() if callable(fact) else fact) for name, fact in facts.items() if name in kind.facts}


def say_desk() -> str:
    """How to ring the front desk; nothing where it has no telephone."""
    phone = centre().desk_phone
    return _("Front desk: %(phone)s.", phone=phone) if phone else ""


def why(reason: str) -> str:
    """The reason as a sentence, or nothing; one that lay ready in the language now spoken."""
    return _("The reason: %(reason)s", reason=texts.said(reason)) if reason else ""


def reason_facts(reason: str) -> dict[str, Any]:
    """What words may say of a reason: itself, and as a sentence."""
    return {"reason": lambda: texts.said(reason), "why": lambda: why(reason)}


def house_words(kind: Kind) -> Words:
    """The house's words in the language now spoken, with {fields} as staff write them."""
    return Words(with_fields(str(kind.subject)), with_fields(str(kind.body)))


TEST = Kind(
    code="notices.test",
    title=_l("Test message"),
    subject=_l("A test from %(centre)s"),
    body=_l("This is a test, sent by %(by)s. It has arrived: messages can be sent this way."),
    facts=frozenset({"centre", "by"}),
    is_asked_for=True,
)
VERIFY = Kind(
    code="notices.verify",
    title=_l("Is this your e-mail address?"),
    subject=_l("Is this your e-mail address? %(centre)s asks"),
    body=_l(
        "Somebody gave this address to %(centre)s, to be told of bookings and activities. If it was you, type "
        "the code from the e-mail on the page “How we reach you”, or read it out to the front desk. If it was "
        "somebody else, do nothing: nothing more is sent here."
    ),
    facts=frozenset({"centre"}),
    is_asked_for=True,
)
TO_ITS_OWN_ADDRESS = frozenset({TEST.code, VERIFY.code})  # not to the address that the person has by now
register(kinds_in(vars()))
