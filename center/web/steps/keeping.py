"""Where the answers of a form of several pages stay between two of its pages."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.db import transaction
from center.kernel.i18n import gettext as _
from center.people.drafts import find_draft, keep_draft, said_in

Answers = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class StepAnswers:
    """What was answered so far: the values of each field, the steps that were sent, and what speaks against the whole.

    `refused` are names of fields, or nothing, each with words; they stand at the step `at`. `more` is the form's own.
    """

    answers: Answers = field(default_factory=dict)
    sent: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    at: str = ""
    status: int = 422
    more: Mapping[str, Any] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """The same as it is written down."""
        return {
            "answers": {name: list(values) for name, values in self.answers.items()},
            "sent": self.sent,
            "refused": self.refused,
            "at": self.at,
            "status": self.status,
            "more": self.more,
        }


class InDraft:
    """Answers stay in a draft of whoever is signed in, under a key in the address.

    `is_found` says whether the address has a key, `is_kept` whether anything is kept under it, `led_to` where the form
    has led already.
    """

    def __init__(self, form: str, *, is_of_form: bool = True) -> None:
        """Without a key in the address, that of the form (`is_of_form`) is the draft's, too."""
        self._form = form
        self.is_found = bool(_key(request.args.get("draft")))
        sent = request.form.get("request_key") if is_of_form else None
        self.key = _key(request.args.get("draft")) or _key(sent) or str(uuid.uuid4())
        found = find_draft(current_user.account_id, form, self.key, now=clock.now())
        self.led_to = found.leads_to if found else ""
        self.is_kept = found is not None
        self._said = _said(said_in(found)) if found else StepAnswers()

    def read(self) -> StepAnswers:
        """What was answered so far."""
        return self._said

    def write(self, said: StepAnswers) -> None:
        """Keep it."""
        with transaction():
            self._keep(said.plain())
        self.is_kept = True

    def query(self, _said: StepAnswers) -> dict[str, Any]:
        """What stands in the address of a step."""
        return {"draft": self.key}

    def finish(self, leads_to: str) -> None:
        """Inside the transaction that does what the form is for: nothing is kept but where it led."""
        self._keep({}, leads_to=leads_to)

    def _keep(self, said: dict[str, Any], leads_to: str = "") -> None:
        account_id, now = current_user.account_id, clock.now()
        keep_draft(account_id, self._form, self.key, said, leads_to=leads_to, is_kept=self.is_kept, now=now)


class InAddress:
    """Answers stand in the address itself: nothing in them is anybody's, and every page of it can be passed on."""

    key, is_found, is_kept, led_to = "", True, True, ""

    def __init__(self, names: Collection[str]) -> None:
        self._said = StepAnswers({name: request.args.getlist(name) for name in names if name in request.args})

    def read(self) -> StepAnswers:
        """What was answered so far."""
        return self._said

    def write(self, said: StepAnswers) -> None:
        """Nothing is kept but in the address to which it leads."""

    def query(self, said: StepAnswers) -> dict[str, Any]:
        """What stands in the address of a step."""
        return {name: list(values) for name, values in said.answers.items()}

    def finish(self, leads_to: str) -> None:
        """Where it led is an address with all the answers."""


def led_on(keeping: InDraft | InAddress) -> ResponseReturnValue | None:
    """Where the form has led already. Whoever opens a page of it again reads that it was sent before."""
    if not keeping.led_to:
        return None
    if request.method == "GET":
        flash(_("This was sent before and is saved. Nothing was done twice."), "ok")
    return redirect(keeping.led_to, 303)


def _said(plain: Mapping[str, Any]) -> StepAnswers:
    try:
        return StepAnswers(
            answers={str(name): [str(each) for each in values] for name, values in plain.get("answers", {}).items()},
            sent=tuple(plain.get("sent", ())),
            refused=tuple((str(name), str(words)) for name, words in plain.get("refused", ())),
            at=plain.get("at", ""),
            status=plain.get("status", 422),
            more=plain.get("more", {}),
        )
    except (AttributeError, TypeError, ValueError):
        return StepAnswers()


def _key(text: str | None) -> str:
    """A key as it is written; nothing where it is none."""
    try:
        return str(uuid.UUID(text or ""))
    except ValueError:
        return ""
