"""Forms that know what they showed when they were opened (`center.kernel.sealed`), and those that change what is there.

Whoever comes second is shown what the first changed; nothing is lost in silence. `watch` makes a form that changes what
is there, and remembers how to fill it in anew. It is compared when it is sent, and once more inside the transaction,
where settings are changed one at a time (`hold`). What somebody did not touch takes the other's value, so sending the
form again overwrites only what they themselves typed.
"""

import enum
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm.exc import ObjectDeletedError
from wtforms import Field, HiddenField, PasswordField

from center.kernel.db import GONE, db
from center.kernel.errors import DomainError, NotFound
from center.kernel.i18n import format_clock, format_day
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.sealed import Difference, Fact, Facts, Outdated, differences, seal, stamp, unseal
from center.web.forms import BaseForm

LINE = 7312  # of those who change settings, on PostgreSQL; SQLite has one writer


class SealedForm(BaseForm):
    """A form that knows what it showed. Its template says what has changed, above all else."""

    seen = HiddenField(render_kw={"id": False})  # several such forms may share a page, and nothing leads to it
    changed: Sequence[Difference] = ()
    seen_stamp: str | None = None
    what_holds: Callable[[], Facts] | None = None

    def show(self, facts: Facts, *, anew: Callable[[], Facts]) -> None:
        """Show what holds, and what has changed since the form was opened; `anew` where it is refused for that."""
        self.what_holds = anew
        self.compare(facts)

    def refuse(self, error: DomainError) -> None:
        """Show what has changed, where that is what stands against it."""
        if isinstance(error, Outdated) and (self.changed or (self.what_holds and self.compare(self.what_holds()))):
            return
        super().refuse(error)

    def compare(self, facts: Facts, *, is_shown: bool = True) -> bool:
        """Whether something has changed since the form was opened; from now on it shows what holds, if it is shown."""
        was = unseal(self.seen.data)
        self.changed = differences(was, facts) if was is not None else []
        self.seen_stamp = stamp(facts) if was is not None else None
        if is_shown:
            self.seen.data = seal(facts)
        return bool(self.changed)

    @property
    def status(self) -> int:
        """How a page with this form answers: what it showed has changed, something is wrong, or all is well."""
        return Outdated.status if self.changed else super().status

    def compare_values(self, values: Mapping[str, Any]) -> bool:
        """The same for a form that changes these very values, by the names of its fields."""
        return self.compare(
            {
                name: Fact(repr(value), self[name].label.text, partial(say_value, self[name], value))
                for name, value in values.items()
                if name in self
            }
        )


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


def say_value(field: Field, value: Any) -> str:
    """What a field holds, in words: of a choice what it is called."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, time):
        return format_clock(value)
    if isinstance(value, date):
        clock = format_clock(value.time()) if isinstance(value, datetime) else ""
        return f"{format_day(value)} {clock}".strip()
    names = {str(each[0]): str(each[1]) for each in getattr(field, "choices", None) or ()}
    values = value if isinstance(value, (list, tuple)) else [value]
    return _(", ").join(names.get(str(each), str(each)) for each in values if each is not None)


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
