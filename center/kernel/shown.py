"""What a form showed when it was opened: sealed into the form, and compared with what holds when it is sent.

Nothing is stored under other words than those that were read. The view compares (`SealedForm.compare`) and shows the
form again with what has changed; the action, which holds what the form is about, compares once more.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from center.kernel.errors import Conflict
from center.kernel.i18n import lazy_gettext as _l


@dataclass(frozen=True)
class Fact:
    """One thing that a form shows: `value` is compared, the words are read."""

    value: str
    label: Any
    words: Callable[[], str]


@dataclass(frozen=True)
class Difference:
    """What has changed since a form was opened, in words; nothing where it was not there, or is no more."""

    name: str
    label: str
    was: str
    now: str


Facts = Mapping[str, Fact]
Sealed = Mapping[str, Sequence[str]]


class Outdated(Conflict):
    """What the form showed has changed meanwhile."""


def stamp(facts: Facts) -> str:
    """What tells whether any of these is not as it was."""
    return sha256(repr(sorted((name, fact.value) for name, fact in facts.items())).encode()).hexdigest()[:20]


def refuse_unless_seen(seen: str | None, facts: Callable[[], Facts]) -> None:
    """Raises Outdated where somebody read something else than what holds; where they read nothing, all is well."""
    if seen:
        refuse_unless_same(seen, stamp(facts()))


def looked_at(sealed: str | None, facts: Facts) -> tuple[str | None, str]:
    """For a button: the stamp of what was read beside it, and what has changed since, in one line."""
    was = unseal(sealed)
    if was is None:
        return None, ""
    changed = differences(was, facts)
    return stamp(facts), "; ".join(f"{each.label}: {each.was or '–'} → {each.now or '–'}" for each in changed)


def seal(facts: Facts) -> str:
    """These facts as a form carries them; nobody can make one up."""
    return str(_signer().dumps({name: [fact.value, str(fact.label), fact.words()] for name, fact in facts.items()}))


def unseal(text: str | None) -> Sealed | None:
    """What a form showed; None where it does not say, or not truly."""
    try:
        return _signer().loads(text) if text else None
    except BadSignature:
        return None


def differences(was: Sealed, facts: Facts) -> list[Difference]:
    """What is not as it was, in the order in which it is shown; what is no more comes last."""
    found = []
    for name, fact in facts.items():
        value, _label, words = was.get(name, (None, "", ""))
        if value != fact.value:
            found.append(Difference(name, str(fact.label), words, fact.words()))
    gone = [(name, *known) for name, known in was.items() if name not in facts]
    return [*found, *(Difference(name, label, words, "") for name, _value, label, words in gone)]


def refuse_unless_same(was: object, now_is: object) -> None:
    """Raises Outdated where what somebody wants to change is not as they saw it; None: they saw nothing."""
    if was is not None and was != now_is:
        raise Outdated(_l("Something has changed since you opened this page. Please look at it again."))


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="what a form showed")
