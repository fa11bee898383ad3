"""How words with {fields} in them are checked and filled in. Pure."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

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
