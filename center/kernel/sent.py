"""A form that is sent twice makes one thing: a double press, a lost answer that is sent again, Back and once more.

Each form that makes something carries a key of its own (`CreatingForm`). Where it led is written down under its key,
its page and all that was typed, in the transaction that makes the thing; the database lets that be written once. The
same form with something else in it is another form.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import flash, has_request_context, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import String, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from center.kernel import clock
from center.kernel.db import Base, UtcDateTime, change_rows, db
from center.kernel.i18n import gettext as _
from center.kernel.sweeps import forgetting

KEY = "request_key"
SHORTEST_KEY, LONGEST_KEY = 16, 40
NOT_TYPED = frozenset({"csrf_token", "password", KEY})  # a secret leaves no trace, not even a hash
KEPT = timedelta(days=30)  # longer than a sign-in lasts, and so than a page can stand open


class SentForm(Base):
    """A form that made something, and the address to which that led."""

    __tablename__ = "sent_forms"

    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    leads_to: Mapped[str] = mapped_column(String(300), default="")


class SentBeforeError(Exception):
    """This form has made what it asks for already; `leads_to` is where it led."""

    def __init__(self, leads_to: str) -> None:
        super().__init__(leads_to)
        self.leads_to = leads_to


@dataclass
class Sending:
    """A form that is being sent; `then` is where it leads."""

    then: str = ""


@contextmanager
def once(*, then: str = "") -> Iterator[Sending]:
    """Inside a transaction: what the form that was sent makes, and where that leads. Raises SentBeforeError.

    Whoever sends the same form at the same moment waits for the other. A form without a key is taken as it comes.
    """
    sending, fingerprint = Sending(then), _fingerprint()
    if fingerprint is None:
        yield sending
        return
    insert = (sqlite if db.session.get_bind().dialect.name == "sqlite" else postgresql).insert(SentForm)
    row = insert.values(fingerprint=fingerprint, sent_at=clock.now(), leads_to=then)
    written = row.on_conflict_do_nothing(index_elements=[SentForm.fingerprint]).returning(SentForm.id)
    if db.session.scalars(written).one_or_none() is None:
        lead_back()
    yield sending
    if sending.then != then:
        change_rows(update(SentForm).where(SentForm.fingerprint == fingerprint).values(leads_to=sending.then))


def lead_back() -> None:
    """Where this form has made something already, raises SentBeforeError: before anything is asked about it again."""
    fingerprint = _fingerprint()
    if fingerprint is not None:
        known = select(SentForm.leads_to).where(SentForm.fingerprint == fingerprint)
        if (led_to := db.session.scalar(known)) is not None:
            raise SentBeforeError(led_to or request.path)


def show_what_it_made(error: SentBeforeError) -> ResponseReturnValue:
    """Lead whoever sent a form again to what it made."""
    flash(_("This was sent before and is saved. Nothing was done twice."), "ok")
    return redirect(error.leads_to, 303)


SWEEPS = (forgetting("forms sent long ago", SentForm, SentForm.sent_at, KEPT),)


def _fingerprint() -> str | None:
    """What tells this form from all others: who sent it, from which page, under which key, and what stands in it."""
    key = request.form.get(KEY, "") if has_request_context() else ""
    if not SHORTEST_KEY <= len(key) <= LONGEST_KEY:
        return None
    typed = sorted((name, value) for name, value in request.form.items(multi=True) if name not in NOT_TYPED)
    whole = repr((current_user.get_id(), request.path, key, typed))
    return hashlib.sha256(whole.encode("utf-8", "backslashreplace")).hexdigest()
