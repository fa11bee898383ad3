"""Forms that change what is there: whoever comes second is shown what the first changed; nothing is lost in silence.

`watch` makes such a form and remembers how to fill it in anew. What was in it is sealed (`center.web.sealed_form`) and
compared when it is sent, and once more inside the transaction, where settings are changed one at a time (`hold`). What
somebody did not touch takes the other's value, so sending the form again overwrites only what they themselves typed.
"""

import enum
from collections.abc import Callable, Iterable
from datetime import date, time
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm.exc import ObjectDeletedError
from wtforms import Field, HiddenField, PasswordField

from center.kernel.db import GONE, db
from center.kernel.errors import DomainError, NotFound
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.sealed import Fact, Outdated, stamp, unseal
from center.web.forms import BaseForm
from center.web.sealed_form import SealedForm, say_value

LINE = 7312  # of those who change settings, on PostgreSQL; SQLite has one writer


class EditingForm(SealedForm):
    """A form that changes what is there, as it was when it was opened. Without `anew` it makes something new."""

    anew: Callable[[], "EditingForm"] | None = None
    secret_fact: Callable[[], Fact | None] | None = None  # what it changes and never shows

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """As ever; but what somebody else changed since it was opened is shown before anything is done."""
        if self.compare_anew():
            return False
        return super().validate_on_submit(extra_validators)

    def hold(self) -> None:
        """Inside the transaction: nobody else changes settings meanwhile. Raises Outdated where somebody just did."""
        if self.anew is None:
            return
        if db.session.get_bind().dialect.name == "postgresql":
            db.session.execute(select(func.pg_advisory_xact_lock(LINE)))
        db.session.expire_all()
        try:
            fresh = self.anew()
        except ObjectDeletedError:
            raise NotFound(GONE) from None
        if self.seen_stamp is not None and self.seen_stamp != stamp(self._facts(fresh)):
            raise Outdated(_l("Something has changed since you opened this page. Please look at it again."))

    def refuse(self, error: DomainError) -> None:
        """Show what has changed, where that is what stands against it."""
        if not (isinstance(error, Outdated) and self.compare_anew()):
            super().refuse(error)

    def compare_anew(self) -> bool:
        """Whether what it shows has changed since it was opened; what nobody touched then follows."""
        if self.anew is None:
            return False
        fresh, was = self.anew(), unseal(self.seen.data)
        is_changed = self.compare(self._facts(fresh))
        for each in self.changed:
            if was and each.name in was and each.name in self and _plain(self[each.name].data) == was[each.name][0]:
                self[each.name].data, self[each.name].raw_data = fresh[each.name].data, None
        return is_changed

    def _facts(self, fresh: "EditingForm") -> dict[str, Fact]:
        """What the form shows of what is there now."""
        facts = {
            field.name: Fact(
                _plain(field.data), self[field.name].label.text, partial(say_value, self[field.name], field.data)
            )
            for field in _shown(fresh)
        }
        secret = self.secret_fact() if self.secret_fact else None
        return {**facts, "secret": secret} if secret else facts


F = TypeVar("F", bound=EditingForm)


def watch(make: Callable[..., F], **given: Any) -> F:
    """The form that `make` fills in with what is there. `make` takes `formdata`, and reads what is there each time."""
    form = make(**given)
    form.anew = lambda: make(formdata=None)
    return form


def hold(form: BaseForm) -> None:
    """Inside the transaction: hold what a form changes, where it changes something that is there."""
    if isinstance(form, EditingForm):
        form.hold()


def _shown(form: EditingForm) -> Iterable[Field]:
    return (field for field in form if not isinstance(field, HiddenField | PasswordField))


def _plain(value: Any) -> str:
    """A value as it is compared: how it was typed or stored makes no difference."""
    if value is None or value == "":
        return ""
    if isinstance(value, (list, tuple, set, frozenset)):
        return "\n".join(sorted(map(_plain, value)))
    if isinstance(value, enum.Enum):
        return str(value.value)
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).replace("\r\n", "\n").strip()
