"""The form of the list's filters. Sent with GET, so it needs no token and its answer has an address."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import BooleanField, DateField, SearchField, SelectField
from wtforms.validators import Length, Optional

from center.activities.words import ACCESS_NAMES
from center.kernel.clock import can_be_shown
from center.kernel.i18n import in_language
from center.kernel.i18n import lazy_gettext as _l
from center.signups.public.filters import ForWhom, SessionFilter, When
from center.web.activities.field_kinds import boxes
from center.web.forms import BaseForm, id_of, no_control_characters

WHEN_NAMES = {
    When.ALL: _l("All days to come"),
    When.TODAY: _l("Today"),
    When.TOMORROW: _l("Tomorrow"),
    When.WEEK: _l("This week"),
    When.WEEKEND: _l("This weekend"),
    When.NEXT_WEEK: _l("Next week"),
}
WHOM_NAMES = {
    ForWhom.ANYBODY: _l("Whoever it is for"),
    ForWhom.CHILDREN: _l("For children and teenagers"),
    ForWhom.ELDERS: _l("For older people"),
    ForWhom.ALL_AGES: _l("For all ages"),
}
Choice = tuple[str, str, str]  # what it is called in an address, in Chinese, in English


class ActivityFilterForm(BaseForm):
    """Which activities to list."""

    class Meta:
        csrf = False

    q = SearchField(
        _l("Search"),
        description=_l("Title or organisation, in characters, pinyin or initials."),
        validators=[Length(max=80, message=_l("At most %(max)d characters, please.")), no_control_characters],
    )
    when = SelectField(_l("When"), choices=[(when.value, name) for when, name in WHEN_NAMES.items()], default="")
    date = DateField(_l("Or on this day"), validators=[Optional()])
    kind = SelectField(_l("Kind"), default="")
    organisation = SelectField(_l("Organisation"), default="")
    whom = SelectField(
        _l("Who it is for"), choices=[(whom.value, name) for whom, name in WHOM_NAMES.items()], default=""
    )
    access = boxes(_l("What you need"), choices=list(ACCESS_NAMES.items()))
    places = BooleanField(_l("Only where there are places left"))

    def offer(self, kinds: Sequence[Choice], organisations: Sequence[Choice]) -> None:
        """The kinds and organisations that can be chosen."""
        self.kind.choices = [("", _l("All kinds")), *((key, in_language(zh, en)) for key, zh, en in kinds)]
        listed = ((key, in_language(zh, en)) for key, zh, en in organisations)
        self.organisation.choices = [("", _l("All organisations")), *listed]

    def wanted(self, organisation_ids: dict[str, int]) -> SessionFilter:
        """What is asked for; what could not be read is left out, and the form says so."""
        self.validate()

        def said(name: str) -> Any:
            field = self._fields[name]
            return None if field.errors else field.data

        day: date | None = said("date")
        return SessionFilter(
            text=(said("q") or "").strip(),
            when=When(said("when") or ""),
            day=day if can_be_shown(day) else None,
            kind_id=id_of(said("kind") or ""),
            organisation_id=organisation_ids.get(said("organisation") or ""),
            whom=ForWhom(said("whom") or ""),
            access=tuple(said("access") or ()),
            has_places=bool(said("places")),
        )
