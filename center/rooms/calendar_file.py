"""Reads the events of a calendar file as RFC 5545 says, a year ahead. Runs in a process of its own, with limits
(see `apart`).

It knows nothing of the site: `closure_files` starts it, gives it the file and takes the lines as JSON. A file of a few
hundred bytes can keep any calendar library busy for minutes; here the processor time ends first.
"""

import json
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import recurring_ical_events
from icalendar import Calendar
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

MOST_DATES = 100
MOST_COMPONENTS, DEEPEST = 2000, 6
AHEAD = timedelta(days=366)
# A zone's own rules are yearly, on one day, or on one of a few in a row such as the second Sunday.
ZONE_RULE_PARTS = {"BYDAY", "BYMONTH", "BYMONTHDAY", "COUNT", "FREQ", "INTERVAL", "UNTIL", "WKST"}
MOST_PARTS_OF_A_ZONE, MOST_DATES_OF_A_ZONE, MOST_DAYS_OF_A_RULE = 300, 600, 7
SEVERAL_A_DAY = {"SECONDLY", "MINUTELY", "HOURLY"}
_CALENDAR = re.compile(rb"^BEGIN:VCALENDAR\s*$.*?^END:VCALENDAR\s*$", re.DOTALL | re.IGNORECASE | re.MULTILINE)
_ZONE = re.compile(r"^BEGIN:VTIMEZONE\s*$.*?^END:VTIMEZONE\s*$", re.DOTALL | re.IGNORECASE | re.MULTILINE)
_ZONE_NAME = re.compile(r"^TZID[^:\r\n]*:(.*?)\s*$", re.IGNORECASE | re.MULTILINE)
_NAMED = re.compile(r'(;TZID=)("[^"\r\n]*"|[^;:"\r\n]+)', re.IGNORECASE)
UNKNOWN = "unknown zone "  # begins the name of a zone that a file uses and does not define


class Unreadable(Exception):
    """The file as a whole is refused; says why in one word."""


def read(content: bytes, *, zone: ZoneInfo, today: date) -> list[dict[str, Any]]:
    """One dict for each date of each event: number, room, reason, starts_at, ends_at, uid, recurrence, sequence, is_off
    and fault, moments in ISO 8601 with an offset. Raises Unreadable: "nothing", "text", "nesting", "too_many" or
    "zone_rules".

    Events are numbered as they stand in the file. Times without a zone are the centre's.
    """
    found: list[dict[str, Any]] = []
    number = 0
    texts = list(_calendars(content))
    if not texts:
        raise Unreadable("nothing")
    for n, text in enumerate(texts):
        _check_zones(text)
        calendar = Calendar.from_ical(_with_own_zones(text, n))
        is_off = str(calendar.get("METHOD", "")).upper() == "CANCEL"
        for group in _groups(calendar):
            first = number + group["number"]
            found += (
                {"number": first, "is_off": is_off, **line}
                for line in _lines(group["events"], zone=zone, today=today, is_off=is_off)
            )
        number += len(calendar.walk("VEVENT"))
    return found


def _calendars(content: bytes) -> Iterator[str]:
    """The calendars in a file, each as text with its folded lines put together again (RFC 5545, 3.1: by octets)."""
    unfolded = re.sub(rb"\r?\n[ \t]", b"", content)
    _check_nesting(unfolded)
    for match in _CALENDAR.finditer(unfolded):
        yield _decoded(match[0])


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        with suppress(UnicodeDecodeError):
            return content.decode(encoding)
    raise Unreadable("text")


def _check_nesting(content: bytes) -> None:
    depth = components = 0
    for line in content.upper().splitlines():
        if line.startswith(b"BEGIN:"):
            depth, components = depth + 1, components + 1
        elif line.startswith(b"END:"):
            depth -= 1
        if components > MOST_COMPONENTS:
            raise Unreadable("too_many")
        if depth > DEEPEST:
            raise Unreadable("nesting")


def _check_zones(text: str) -> None:
    """A zone's own rules are expanded from its first year on: an hourly one would keep the library busy for ever."""
    for block in _ZONE.finditer(text):
        lines = [line.upper() for line in block[0].splitlines()]
        rules = [line.partition(":")[2] for line in lines if re.match("(RRULE|EXRULE)[;:]", line)]
        dates = sum(line.count(",") + 1 for line in lines if re.match("(RDATE|EXDATE)[;:]", line))
        parts = sum(line.startswith("BEGIN:") for line in lines)
        if parts > MOST_PARTS_OF_A_ZONE or dates > MOST_DATES_OF_A_ZONE or not all(map(_is_of_a_zone, rules)):
            raise Unreadable("zone_rules")


def _is_of_a_zone(rule: str) -> bool:
    parts = dict(part.partition("=")[::2] for part in rule.strip().split(";") if part)
    several = (value.count(",") + 1 for value in parts.values())
    return parts.keys() <= ZONE_RULE_PARTS and parts.get("FREQ") == "YEARLY" and max(several) <= MOST_DAYS_OF_A_RULE


def _with_own_zones(text: str, n: int) -> str:
    """The text with names of zones that no other calendar has, and unknown ones marked: the library takes a zone of the
    same name from wherever it met one before.
    """
    defined = {name[1] for block in _ZONE.finditer(text) if (name := _ZONE_NAME.search(block[0]))}
    known = {name.lower() for name in (*available_timezones(), *WINDOWS_TO_OLSON, "utc")}

    def own(name: str) -> str:
        name = name.strip('"')
        if name in defined:
            return f"own {n} {name}"
        return name if name.lower().lstrip("/") in known else UNKNOWN + name

    text = _ZONE.sub(lambda block: _ZONE_NAME.sub(lambda name: f"TZID:own {n} {name[1]}", block[0], count=1), text)
    return _NAMED.sub(lambda named: f'{named[1]}"{own(named[2])}"', text)


def _groups(calendar: Any) -> list[dict[str, Any]]:
    """The events that are one: with its changed dates, all of one UID; each by itself where there is none."""
    groups: dict[str, dict[str, Any]] = {}
    for n, event in enumerate(calendar.walk("VEVENT"), 1):
        uid = str(event.get("UID", "")) or f"no uid {n}"
        groups.setdefault(uid, {"number": n, "events": []})["events"].append(event)
    return list(groups.values())


def _lines(events: list[Any], *, zone: ZoneInfo, today: date, is_off: bool) -> Iterator[dict[str, Any]]:
    known = _facts(events[0])
    try:
        if fault := _fault(events):
            raise ValueError(fault)
        yield from _dates(events, zone=zone, today=today, is_off=is_off)
    except Exception as error:  # whatever a library makes of a broken event: the next one may be sound
        fault = str(error.args[0]) if error.args else ""
        yield {**known, "fault": fault if fault.startswith(("too_often", "zone:", "no_time")) else "no_time"}


def _fault(events: list[Any]) -> str:
    for event in events:
        if "DTSTART" not in event:
            return "no_time"
        if unknown := next((name for name in _zones_of(event) if name.startswith(UNKNOWN)), ""):
            return f"zone:{unknown.removeprefix(UNKNOWN)}"
        if "DTEND" not in event and "DURATION" not in event and isinstance(event["DTSTART"].dt, datetime):
            return "no_time"
        rules = event.get("RRULE", [])
        for rule in rules if isinstance(rules, list) else [rules]:
            if int((rule.get("INTERVAL") or [1])[0]) < 1:
                return "no_time"
            often = str((rule.get("FREQ") or [""])[0]).upper() in SEVERAL_A_DAY
            if often and int((rule.get("COUNT") or [MOST_DATES + 1])[0]) > MOST_DATES:
                return "too_often"
    return ""


def _zones_of(event: Any) -> Iterator[str]:
    for values in event.values():
        for value in values if isinstance(values, list) else [values]:
            yield str(getattr(value, "params", {}).get("TZID", ""))


def _dates(events: list[Any], *, zone: ZoneInfo, today: date, is_off: bool) -> Iterator[dict[str, Any]]:
    repeats = any(name in event for event in events for name in ("RRULE", "RDATE", "RECURRENCE-ID"))
    if not repeats:
        for event in events:
            yield _line(event, zone, repeats=False)
        return
    only = Calendar()
    for event in events:
        only.add_component(event)
    first = datetime.combine(today, time(0), zone)
    dates = recurring_ical_events.of(only).between(first, first + AHEAD)
    listed = list(islice(sorted(dates, key=lambda event: _moment(event["DTSTART"].dt, zone)), MOST_DATES + 1))
    if len(listed) > MOST_DATES:
        raise ValueError("too_often")
    is_whole = is_off and not any("RECURRENCE-ID" in event for event in events)
    if is_whole:  # all dates are called off, those of before this file too
        yield {**_line(listed[0] if listed else events[0], zone, repeats=False)}
        return
    for event in listed:
        yield _line(event, zone, repeats=True)


def _line(event: Any, zone: ZoneInfo, *, repeats: bool) -> dict[str, Any]:
    starts = event["DTSTART"].dt
    if "DTEND" in event:
        ends = event["DTEND"].dt
    else:
        ends = starts + (event["DURATION"].dt if "DURATION" in event else timedelta(days=1))
    if not isinstance(starts, datetime) and ends <= starts:
        ends = starts + timedelta(days=1)
    line = {**_facts(event), "starts_at": _moment(starts, zone).isoformat(), "ends_at": _moment(ends, zone).isoformat()}
    if repeats and "RECURRENCE-ID" in event:
        line["recurrence"] = _moment(event["RECURRENCE-ID"].dt, zone).astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    return line


def _facts(event: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "room": _text(event.get("LOCATION")),
        "reason": _text(event.get("SUMMARY")),
        "uid": _text(event.get("UID")),
        "sequence": int(event.get("SEQUENCE", 0)),
    }
    if _text(event.get("STATUS")).upper() == "CANCELLED":
        facts["is_off"] = True
    return facts


def _text(value: Any) -> str:
    """A property's text; of one that is there several times, the first."""
    first = value[0] if isinstance(value, list) and value else value
    return "" if first is None else str(first)


def _moment(value: date | datetime, zone: ZoneInfo) -> datetime:
    """A moment in the centre's zone. A day begins at its midnight; a time without a zone is the centre's."""
    if not isinstance(value, datetime):
        return datetime.combine(value, time(0), zone)
    return value.astimezone(zone) if value.tzinfo else value.replace(tzinfo=zone)


if __name__ == "__main__":
    try:
        answer: Any = {
            "lines": read(sys.stdin.buffer.read(), zone=ZoneInfo(sys.argv[1]), today=date.fromisoformat(sys.argv[2]))
        }
    except Unreadable as refused:
        answer = {"refused": refused.args[0]}
    json.dump(answer, sys.stdout)
