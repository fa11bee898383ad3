"""A form that knows what it showed when it was opened. See `center.kernel.sealed`."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from functools import partial
from typing import Any

from wtforms import Field, HiddenField

from center.kernel.errors import DomainError
from center.kernel.i18n import format_clock, format_day
from center.kernel.i18n import gettext as _
from center.kernel.sealed import Difference, Fact, Facts, Outdated, differences, seal, stamp, unseal
from center.web.forms import BaseForm


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

    def compare(self, facts: Facts) -> bool:
        """Whether something has changed since the form was opened; from now on it shows what holds."""
        was = unseal(self.seen.data)
        self.changed = differences(was, facts) if was is not None else []
        self.seen_stamp = stamp(facts) if was is not None else None
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
