"""The filter of the list of organisations."""

from typing import Any

from wtforms import SearchField, SelectField

from center.kernel.i18n import lazy_gettext as _l
from center.organisations.models import OrganisationKind
from center.organisations.words import KIND_NAMES
from center.web.forms import FilterForm


class OrganisationFilterForm(FilterForm):
    """Which organisations to list."""

    q = SearchField(_l("Name"), description=_l("In characters, pinyin or initials."))
    kind = SelectField(_l("Kind"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [("", _l("All kinds")), *((kind.value, name) for kind, name in KIND_NAMES.items())]

    @property
    def wanted_kind(self) -> OrganisationKind | None:
        """The kind that was chosen; None for all, and for one that there is not."""
        return OrganisationKind(self.kind.data) if self.kind.data in set(OrganisationKind) else None
