"""Forms of organisations: shape only."""

from typing import Any

from wtforms import DateField, HiddenField, RadioField, SearchField, SelectField
from wtforms.validators import InputRequired, Optional

from center.forms import BaseForm
from center.i18n import lazy_gettext as _l
from center.organisations.models import MemberRole, OrganisationKind
from center.organisations.words import KIND_NAMES, MEMBER_ROLE_NAMES


class FilterForm(BaseForm):
    """Which organisations to list. Sent with GET, so it needs no token."""

    class Meta:
        csrf = False

    q = SearchField(_l("Name"), description=_l("In characters, pinyin or initials."))
    kind = SelectField(_l("Kind"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [("", _l("All kinds")), *((kind.value, name) for kind, name in KIND_NAMES.items())]

    @property
    def wanted_kind(self) -> OrganisationKind | None:
        """The kind that was chosen; None for all, and for one that there is not."""
        return OrganisationKind(self.kind.data) if self.kind.data in set(OrganisationKind) else None


class FindMemberForm(BaseForm):
    """Whom to add. Sent with GET, so it needs no token."""

    class Meta:
        csrf = False

    q = SearchField(
        _l("Find a person"), description=_l("Last digits of the phone, pinyin initials, name, or building-door.")
    )


class MemberForm(BaseForm):
    """What somebody is to be in the organisation, from when until when."""

    person = HiddenField()
    role = RadioField(_l("Lead or member"), validators=[InputRequired(_l("Please choose one."))])
    starts_on = DateField(_l("First day"), validators=[InputRequired(_l("Please choose a date."))])
    ends_on = DateField(_l("Last day"), description=_l("Leave it empty for no end."), validators=[Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role.choices = [(role.value, name) for role, name in MEMBER_ROLE_NAMES.items()]

    @property
    def wanted_role(self) -> MemberRole:
        """The role that was chosen."""
        return MemberRole(self.role.data)
