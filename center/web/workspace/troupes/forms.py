"""Forms of those who lead a troupe."""

from collections.abc import Sequence
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, IntegerField, RadioField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional, Regexp

from center.kernel.i18n import in_language
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person
from center.troupes.actions import PartFacts, TroupeFacts
from center.troupes.models.pieces import Piece, PieceKind
from center.troupes.models.seasons import Season
from center.troupes.models.troupes import PartKind, Troupe, TroupeKind, TroupeMember, TroupePart
from center.troupes.repertoire.actions import PieceFacts
from center.troupes.seasons.actions import SeasonFacts
from center.troupes.words import PART_KIND_NAMES, PIECE_KIND_NAMES, TROUPE_KIND_NAMES
from center.web.editing import EditingForm
from center.web.forms import BaseForm, CreatingForm, long_text_field, text_field
from center.web.troupes.fields import many

NEED_DAY = InputRequired(_l("Please choose a day, such as 2026-11-24."))
TEXTS = ("name_en", "about", "about_en", "joining", "joining_en")  # of a troupe, which may be empty
MOST_HEADS = 200
LONGEST_MINUTES = 179


class TroupeForm(EditingForm):
    """What a troupe is, for everybody to read."""

    name = text_field(_l("Name"), most=80)
    name_en = text_field(_l("Name in English"), most=120, required=False)
    kind = SelectField(_l("Kind"), coerce=TroupeKind, choices=list(TROUPE_KIND_NAMES.items()))
    about = long_text_field(_l("About the troupe"), most=2000)
    about_en = long_text_field(_l("About the troupe, in English"), most=3000)
    is_open_to_join = BooleanField(_l("People can ask to join"))
    joining = text_field(
        _l("How one joins"), most=300, required=False, hint=_l("“Four rehearsals on trial, then we decide together.”")
    )
    joining_en = text_field(_l("How one joins, in English"), most=400, required=False)

    def facts(self) -> TroupeFacts:
        """What was typed."""
        texts = {name: self[name].data or "" for name in TEXTS}
        return TroupeFacts(name=self.name.data, kind=self.kind.data, is_open_to_join=self.is_open_to_join.data, **texts)

    @staticmethod
    def values_of(troupe: Troupe) -> dict[str, Any]:
        """What the form shows of a troupe."""
        return {name: getattr(troupe, name) for name in ("name", "kind", "is_open_to_join", *TEXTS)}


class NewTroupeForm(CreatingForm, TroupeForm):
    """A new troupe, with the last part of its address."""

    slug = text_field(_l("Address"), most=40, hint=_l("Small letters, figures and hyphens, such as “choir”."))

    def validate_slug(self, field: Any) -> None:
        """An address is plain letters."""
        Regexp(r"^[a-z0-9]+(?:-[a-z0-9]+)*$", message=_l("Small letters, figures and hyphens, please."))(self, field)


class PartForm(EditingForm):
    """A part that is sung, played or danced."""

    kind = SelectField(_l("Kind"), coerce=PartKind, choices=list(PART_KIND_NAMES.items()))
    name = text_field(_l("Name"), most=40, hint=_l("“Alto”, “big drum”, “lead dancer”."))
    name_en = text_field(_l("Name in English"), most=60, required=False)
    position = IntegerField(
        _l("Place in the order"), default=0, validators=[InputRequired(), NumberRange(min=0, max=999)]
    )

    def facts(self) -> PartFacts:
        """What was typed."""
        return PartFacts(
            kind=self.kind.data,
            name=self.name.data,
            name_en=self.name_en.data or "",
            position=self.position.data,
        )

    @staticmethod
    def values_of(part: TroupePart) -> dict[str, Any]:
        """What the form shows of a part."""
        return {name: getattr(part, name) for name in ("kind", "name", "name_en", "position")}


class NewPartForm(CreatingForm, PartForm):
    """One more part."""


class EnterForm(CreatingForm):
    """Somebody who asked a lead in person or on paper."""

    person = SelectField(
        _l("Who joins"),
        coerce=int,
        validate_choice=False,  # whoever was entered just now is offered no more
        description=_l("Members of the organisation."),
    )
    parts = many(_l("What they sing, play or dance"))
    how = RadioField(
        _l("They begin"), choices=[("trial", _l("On trial")), ("active", _l("In the troupe at once"))], default="trial"
    )
    words = text_field(_l("What they said"), most=300, required=False)

    def offer(self, people: Sequence[Person], parts: list[tuple[int, str]]) -> None:
        """Who can be entered, and with which parts."""
        self.person.choices = [(each.id, each.name) for each in people]
        self.parts.choices = parts


class KnownForm(CreatingForm):
    """Somebody whom the centre knows and who told or showed a lead who they are."""

    code = text_field(
        _l("Card or number"), most=100, required=False, hint=_l("Scan the card they show, or type the number on it.")
    )
    name = text_field(_l("Full name"), most=40, required=False)
    phone = text_field(_l("Phone number"), most=20, required=False, hint=_l("The whole number, as they tell it."))
    parts = many(_l("What they sing, play or dance"))
    how = RadioField(
        _l("They begin"), choices=[("trial", _l("On trial")), ("active", _l("In the troupe at once"))], default="trial"
    )
    words = text_field(_l("What they said"), most=300, required=False)


class StepForm(BaseForm):
    """Why a member stands otherwise, and until when."""

    until = DateField(_l("Until about"), validators=[Optional()])
    reason = text_field(_l("Reason"), most=200, required=False, hint=_l("The person will read this."))


class MemberPartsForm(BaseForm):
    """The parts a member takes."""

    parts = many(_l("What they sing, play or dance"))
    mostly = SelectField(_l("Mostly"), coerce=int)


class LeaderForm(BaseForm):
    """Who leads a troupe from today on, and what goes over by hand."""

    member = SelectField(_l("New leader"), coerce=int)
    keys = text_field(
        _l("Keys and things that go over"),
        most=300,
        required=False,
        hint=_l("“Key of the drum store, the blue folder.”"),
    )
    notes = long_text_field(_l("What the next one should know"), most=500)

    def offer(self, members: Sequence[TroupeMember]) -> None:
        """Who can lead it."""
        self.member.choices = [(each.id, each.person.name) for each in members]


class DeputyForm(BaseForm):
    """Who stands in for the leader."""

    member = SelectField(_l("Deputy"), coerce=int)

    def offer(self, members: Sequence[TroupeMember]) -> None:
        """Who can be deputy."""
        self.member.choices = [(each.id, each.person.name) for each in members]


class SeasonForm(EditingForm):
    """From when until when a season lasts."""

    name = text_field(_l("Name"), most=80, hint=_l("“Spring 2027”, “for the Lantern Festival”."))
    name_en = text_field(_l("Name in English"), most=120, required=False)
    starts_on = DateField(_l("First day"), validators=[NEED_DAY])
    ends_on = DateField(_l("Last day"), validators=[NEED_DAY])
    notes = long_text_field(_l("Notes for the members"), most=500)

    def facts(self) -> SeasonFacts:
        """What was typed."""
        return SeasonFacts(
            name=self.name.data,
            name_en=self.name_en.data or "",
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            notes=self.notes.data or "",
        )

    @staticmethod
    def values_of(season: Season) -> dict[str, Any]:
        """What the form shows of a season."""
        return {name: getattr(season, name) for name in ("name", "name_en", "starts_on", "ends_on", "notes")}


class NewSeasonForm(CreatingForm, SeasonForm):
    """One more season."""


class RosterForm(BaseForm):
    """Who is on the roster of a season."""

    members = many(_l("On the roster"))


class SeasonPiecesForm(BaseForm):
    """What is played in a season."""

    pieces = many(_l("Pieces of this season"))


class FileForm(BaseForm):
    """A score or a recording."""

    file = FileField(_l("File"), description=_l("PDF, PNG or JPEG up to 10 MB; MP3, M4A, OGG or WAV up to 25 MB."))
    name = text_field(_l("Name of the file"), most=80, hint=_l("“Alto voice, page 1”, “whole choir, slow”."))


class PieceForm(EditingForm):
    """What a piece is, and how many it needs of each part. The fields of the parts are `heads_<id>`."""

    title = text_field(_l("Title"), most=80)
    title_en = text_field(_l("Title in English"), most=120, required=False)
    kind = SelectField(_l("Kind"), coerce=PieceKind, choices=list(PIECE_KIND_NAMES.items()))
    minutes = IntegerField(
        _l("Length: minutes"), default=4, validators=[InputRequired(), NumberRange(min=0, max=LONGEST_MINUTES)]
    )
    seconds = IntegerField(_l("and seconds"), default=0, validators=[InputRequired(), NumberRange(min=0, max=59)])
    notes = long_text_field(_l("Notes for the members"), most=2000)
    is_retired = BooleanField(_l("Not played any more"), description=_l("It stays with its files, below the others."))
    parts: Sequence[TroupePart] = ()

    def facts(self) -> PieceFacts:
        """What was typed."""
        heads = {part.id: count for part in self.parts if (count := self[f"heads_{part.id}"].data)}
        return PieceFacts(
            title=self.title.data,
            title_en=self.title_en.data or "",
            kind=self.kind.data,
            seconds=max(1, self.minutes.data * 60 + self.seconds.data),
            notes=self.notes.data or "",
            is_retired=bool(self.is_retired.data) if self.is_retired else False,
            heads=heads,
        )

    @property
    def heads(self) -> list[Any]:
        """The fields of how many each part needs."""
        return [self[f"heads_{part.id}"] for part in self.parts]


class NewPieceForm(CreatingForm, PieceForm):
    """One more piece."""


def piece_form(base: type[PieceForm], parts: Sequence[TroupePart], **given: Any) -> PieceForm:
    """The form of a piece of a troupe with these parts."""
    fields = {
        f"heads_{part.id}": IntegerField(
            in_language(part.name, part.name_en), validators=[Optional(), NumberRange(min=0, max=MOST_HEADS)]
        )
        for part in parts
    }
    kind: type[PieceForm] = type(base.__name__, (base,), {**fields, "parts": parts, "__doc__": base.__doc__})
    return kind(**given)


def values_of_piece(piece: Piece) -> dict[str, Any]:
    """What the form shows of a piece."""
    values = {name: getattr(piece, name) for name in ("title", "title_en", "kind", "notes", "is_retired")}
    heads = {f"heads_{each.part_id}": each.heads for each in piece.parts}
    return {**values, **heads, "minutes": piece.seconds // 60, "seconds": piece.seconds % 60}
