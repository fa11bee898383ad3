"""The first part of an address is a folder: whoever reads an address knows where its page lies."""

import inspect

from flask import Flask

from tests.engines import ONE_ENGINE

PLACES = {
    "public": {
        "",
        "activities",
        "activities.atom",
        "after-school",
        "allocation",
        "board",
        "calendar.ics",
        "feedback",
        "find",
        "hours",
        "incubator",
        "offers",
        "organisations",
        "partners",
        "photos",
        "register",
        "replies",
        "rooms",
        "sign-in",
        "sign-out",
        "subscribe",
        "troupes",
    },
    "resident": {"bookings", "calendars", "children", "me", "series", "sign-ups", "waiting"},
    "checkin": {"checkin"},
    "workspace": {"workspace"},
    "desk": {"desk"},
    "classroom": {"classroom"},
    "settings": {"settings"},
    "edge": {"healthz", "metrics", "style-guide"},
}
AREA_OF = {first: area for area, firsts in PLACES.items() for first in firsts}


@ONE_ENGINE
def test_every_page_lies_in_the_folder_that_its_address_names(app: Flask) -> None:
    strays = []
    for rule in app.url_map.iter_rules():
        module = inspect.unwrap(app.view_functions[rule.endpoint]).__module__
        if rule.endpoint == "static":
            continue
        area = AREA_OF.get(rule.rule.split("/")[1], "?")
        if not f"{module}.".startswith(f"center.web.{area}."):
            strays.append(f"{rule.rule} lies in {module}")
    assert strays == []
