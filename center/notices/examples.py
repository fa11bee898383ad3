"""The fields of messages, as staff meet them when they edit words: what each stands for, and an example of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from center.kernel import clock
from center.kernel.i18n import centre, centre_zone, format_day, format_moment, format_span, in_language, local_date
from center.kernel.i18n import lazy_gettext as _l
from center.notices import kinds
from center.notices.kinds import Kind


@dataclass(frozen=True)
class Field:
    """What may stand in words: {name}, what it stands for, and what it may say."""

    name: str
    stands_for: Any
    example: Any


def fields_of(kind: Kind) -> list[Field]:
    """The fields that the words of a kind may use, by name."""
    known = _known()
    return [known.get(name) or Field(name, name, "…") for name in sorted(kind.facts)]


def facts_for(kind: Kind) -> Mapping[str, Any]:
    """An example for every field of a kind; the callables say theirs in the language now spoken."""
    return {field.name: field.example for field in fields_of(kind)}


def said_with_labels(words: str) -> str:
    """The centre's own words for whoever does not edit them: what each {field} stands for in its place."""
    labels = {name: f"[{field.stands_for}]" for name, field in _known().items()}
    return kinds.FIELD.sub(lambda found: labels.get(found[1].strip(), found[0]), words)


def _known() -> dict[str, Field]:
    starts_at = _soon()
    span = (starts_at, starts_at + timedelta(hours=2))
    return {
        field.name: field
        for field in (
            *_people(),
            *_things(),
            *_room_times(),
            *_lending(),
            *_performances(),
            *_members(),
            *_incubator(),
            *_rehearsals(),
            *_times(*span),
        )
    }


def _people() -> tuple[Field, ...]:
    return (
        Field(
            "aside",
            _l("In brackets whose it is, where it is not the reader's"),
            _l(" (your child Wang Xiaoming)"),
        ),
        Field("before", _l("Whose place it was"), _l("Wang Xiuying")),
        Field("by", _l("Who did it"), _l("Ms Zhou")),
        Field("child", _l("The child, with its name shortened"), _l("Wang X.")),
        Field("how", _l("How the child went home"), _l("collected by grandmother")),
        Field("group", _l("Those who want to stay together, as the reader calls them"), _l("your group")),
        Field("hand", _l("A line with who did it, where it was not the reader"), _l("Done by: Ms Zhou")),
        Field("from_", _l("The organisation that proposes a swap"), _l("Sunset Film Club")),
        Field("name", _l("Who reads it"), _l("Wang Xiuying")),
        Field("organisation", _l("The organisation that holds it"), _l("Sunset Film Club")),
        Field("people", _l("How many people it is about"), "4"),
        Field("person", _l("Who it is about"), _l("Li Jianguo")),
        Field("role", _l("As what the reader is told"), _l("Owner of the day")),
        Field("to", _l("Whose place it is now"), _l("Li Jianguo")),
        Field("who", _l("A line with whose place it is, where it is not the reader's"), _l("For: Wang Xiaoming")),
        Field("whom", _l("Whose place it is, as the reader calls them"), _l("your child Wang Xiaoming")),
    )


def _rehearsals() -> tuple[Field, ...]:
    return (
        Field("instead", _l("For which rehearsal it makes up, or nothing"), ""),
        Field("planned", _l("How many rehearsals there are, in words"), _l("16 rehearsals are planned")),
        Field("season", _l("The season of a troupe"), _l("Spring season")),
    )


def _room_times() -> tuple[Field, ...]:
    return (
        Field("ours", _l("The times that it offers"), _l("Calligraphy room, Tuesday 09:00–11:00")),
        Field("result", _l("What each wish got, a line each"), _l("Choir: Hall, Tuesday 14:00–16:00")),
        Field("round", _l("Which allocation of room times it is"), _l("Room times of spring")),
        Field("theirs", _l("The times that it asks for"), _l("Hall, Thursday 14:00–16:00")),
    )


def _things() -> tuple[Field, ...]:
    room, phone = _l("Calligraphy room"), centre().desk_phone or "027-0000-0000"
    return (
        Field("bring", _l("A line with what to bring along, or nothing"), _l("Bring along: a cup")),
        Field("changes", _l("Lines that say what was and what is now"), _l("Place: was the hall, now the studio")),
        Field("check", _l("Which check it is"), _l("Record check")),
        Field("centre", _l("The name of the centre"), lambda: in_language(centre().name, centre().name_en)),
        Field("desk", _l("How to ring the front desk"), _l("Front desk: %(phone)s.", phone=phone)),
        Field(
            "if_not", _l("A sentence about what to do if it does not suit"), _l("If that does not suit, please cancel.")
        ),
        Field("most", _l("How many places there are in all"), "30"),
        Field("note", _l("A sentence about what follows, or nothing"), ""),
        Field("office", _l("The desk of the centre, by its name"), _l("the front desk")),
        Field("place", _l("The place in the queue, as a number"), "3"),
        Field("purpose", _l("What the room is for"), _l("Chess")),
        Field("reason", _l("The reason alone"), _l("a burst pipe")),
        Field("reference", _l("The reference number"), "K7QM-2F9D"),
        Field("room", _l("The room"), room),
        Field("rule", _l("How often a series comes"), _l("every Tuesday")),
        Field("school", _l("Which school it is"), _l("Qingshan Primary School")),
        Field(
            "standing", _l("A sentence about what the reader has: a place, an offer, a number"), _l("You have a place.")
        ),
        Field("thanks", _l("Thanks to who gives a place back, or nothing"), _l("Thank you for giving the place back.")),
        Field(
            "then",
            _l("What follows from it, as a sentence"),
            _l("Then the child is expected at %(time)s.", time="15:15"),
        ),
        Field("title", _l("The title of the activity"), _l("Narrated film")),
        Field("version", _l("Which version it is, as a number"), "2"),
        Field("what", _l("What it is about, in a line"), _l("Approved: Calligraphy room")),
        Field("weekday", _l("Whose weekday's timetable holds"), _l("Wednesday")),
        Field("where", _l("Where it is"), room),
        Field("why", _l("The reason as a sentence, or nothing"), _l("The reason: a burst pipe")),
        Field("words", _l("What whoever leads it wrote"), _l("We start half an hour later. Please bring scissors.")),
    )


def _incubator() -> tuple[Field, ...]:
    return (
        Field("activity", _l("The title of the activity that is filed"), _l("Narrated film")),
        Field("answer", _l("What the centre answers to an objection"), _l("The statutes have been looked at again.")),
        Field("first", _l("When it begins"), lambda: format_day(local_date(_soon()), with_year=False)),
        Field("means", _l("A sentence about what the new stage means"), _l("The papers are looked at now.")),
        Field("stage", _l("Which stage of the incubator it is"), _l("First look")),
    )


def _performances() -> tuple[Field, ...]:
    return (
        Field("call", _l("When one is to be there for a performance"), "13:30"),
        Field("pieces", _l("The pieces of a programme that it is about"), _l("Jasmine, Drums")),
        Field("reply_by", _l("By when an answer is wanted"), lambda: format_day(local_date(_soon()), with_year=False)),
        Field("said", _l("What was answered"), _l("Comes")),
        Field("troupe", _l("The name of the troupe"), _l("Drum group")),
    )


def _members() -> tuple[Field, ...]:
    return (
        Field("leads_as", _l("What somebody is in a troupe from now on"), _l("Troupe leader")),
        Field("state", _l("How somebody stands in a troupe"), _l("In the troupe")),
        Field("wish", _l("What whoever asks to join a troupe wrote"), _l("I drummed at the works.")),
    )


def _lending() -> tuple[Field, ...]:
    return (
        Field("due", _l("By which day it is to be done, or back"), lambda: format_day(local_date(_soon()))),
        Field("number", _l("The number on a slip or a letter"), "K7QM-2F9D"),
        Field("sale", _l("The sale day of a studio"), _l("Sale for the winter solstice")),
        Field("show", _l("When the troupe performs"), lambda: format_moment(_soon())),
        Field("things", _l("What a troupe lent"), _l("12 red silk fans")),
    )


def _times(starts_at: datetime, ends_at: datetime) -> tuple[Field, ...]:
    day_before = starts_at - timedelta(days=1)
    return (
        Field("time", _l("When it was, on the same day"), "16:05"),
        Field("calls", _l("At which rehearsals one is needed"), lambda: format_span(starts_at, ends_at)),
        Field("dates", _l("The dates of a series"), lambda: format_day(local_date(starts_at))),
        Field("day", _l("The day"), lambda: format_day(local_date(starts_at))),
        Field("decided", _l("Until when it is decided"), lambda: format_moment(day_before)),
        Field("deadline", _l("Until when one may cancel"), lambda: format_moment(day_before)),
        Field("draw", _l("When the places are drawn"), lambda: format_moment(day_before)),
        Field("until", _l("Until when it is held"), lambda: format_moment(day_before)),
        Field("was", _l("When and where it was before"), lambda: format_span(starts_at, ends_at)),
        Field("when", _l("When it is"), lambda: format_span(starts_at, ends_at)),
    )


def _soon() -> datetime:
    day = local_date(clock.now()) + timedelta(days=3)
    return datetime(day.year, day.month, day.day, 14, 30, tzinfo=centre_zone())
