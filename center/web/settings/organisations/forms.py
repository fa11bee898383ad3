"""Forms of organisations: shape only."""

from typing import Any

from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectField
from wtforms.validators import InputRequired, Optional, Regexp

from center.kernel.i18n import lazy_gettext as _l
from center.organisations.actions import OrganisationFacts
from center.organisations.models import LegalForm, MemberRole, Organisation, OrganisationKind, Origin, Stage
from center.organisations.words import KIND_NAMES, LEGAL_FORM_NAMES, MEMBER_ROLE_NAMES, ORIGIN_NAMES, STAGE_NAMES
from center.web.editing import EditingForm
from center.web.forms import CreatingForm, long_text_field, text_field


class MemberForm(CreatingForm):
    """What somebody is to be in the organisation, from when until when."""

    person = HiddenField()
    role = RadioField(_l("Role"), validators=[InputRequired(_l("Please choose one."))])
    starts_on = DateField(_l("First day"), validators=[InputRequired(_l("Please choose a date."))])
    ends_on = DateField(_l("Last day"), description=_l("Leave it empty for no end."), validators=[Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role.choices = [(role.value, name) for role, name in MEMBER_ROLE_NAMES.items()]

    @property
    def wanted_role(self) -> MemberRole:
        """The role that was chosen."""
        return MemberRole(self.role.data)


def _choices(names: Any) -> list[tuple[str, Any]]:
    return [(each.value, words) for each, words in names.items()]


class OrganisationForm(EditingForm):
    """What an organisation is."""

    name = text_field(_l("Name"), most=80)
    name_en = text_field(_l("Name in English"), most=120, required=False)
    kind = SelectField(_l("Kind"))
    origin = SelectField(_l("Origin"))
    legal_form = SelectField(_l("Legal form"))
    stage = SelectField(_l("Stage in the incubator"))
    contact = text_field(
        _l("Contact"),
        most=120,
        required=False,
        hint=_l("Everybody reads this. A name and an office phone, never somebody's own number without their word."),
    )
    about = long_text_field(_l("About it"), most=2000)
    about_en = long_text_field(_l("About it in English"), most=2000)
    publishes_directly = BooleanField(
        _l("It publishes activities without review"),
        description=_l("Only what needs a room's approval still comes to the desk."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        none = ("", _l("Not said"))
        self.kind.choices = _choices(KIND_NAMES)
        self.origin.choices = [none, *_choices(ORIGIN_NAMES)]
        self.legal_form.choices = [none, *_choices(LEGAL_FORM_NAMES)]
        self.stage.choices = [none, *_choices(STAGE_NAMES)]

    @staticmethod
    def values_of(organisation: Organisation) -> dict[str, Any]:
        """What the form shows of an organisation before anything is typed."""
        names = (*OrganisationFacts.__dataclass_fields__,)
        return {name: value if (value := getattr(organisation, name)) is not None else "" for name in names}

    def facts(self) -> OrganisationFacts:
        """What was typed, once the form is valid."""
        return OrganisationFacts(
            name=self.name.data,
            name_en=self.name_en.data or "",
            kind=OrganisationKind(self.kind.data),
            origin=Origin(self.origin.data) if self.origin.data else None,
            legal_form=LegalForm(self.legal_form.data) if self.legal_form.data else None,
            stage=Stage(self.stage.data) if self.stage.data else None,
            contact=self.contact.data or "",
            about=self.about.data or "",
            about_en=self.about_en.data or "",
            publishes_directly=self.publishes_directly.data,
        )


class NewOrganisationForm(OrganisationForm, CreatingForm):
    """A new organisation, with the address it will have."""

    slug = text_field(
        _l("Address"), most=40, hint=_l("Small letters, digits and dashes, such as drum-troupe. It stays.")
    )

    def validate_slug(self, field: Any) -> None:
        Regexp("^[a-z0-9]+(-[a-z0-9]+)*$", message=_l("Only small letters, digits and dashes, please."))(self, field)
