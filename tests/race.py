"""What the processes of a race do. Each is a browser of its own, or a writer of its own to the ledger of room time."""

import http.client
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.processes import at_once

PATIENCE = 90  # seconds that nobody waits longer than


@dataclass(frozen=True)
class Wish:
    """A slot that somebody wants: the room's address and what goes into the form."""

    room: str
    date: str
    start: str
    people: int = 5
    minutes: int = 60


@dataclass(frozen=True)
class Answer:
    """What the site said in the end, and to whom."""

    room: str
    status: int
    location: str
    page: str


class Fields(HTMLParser):
    """The hidden fields of the page's booking form."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        if tag == "input" and facts.get("type") == "hidden":
            self.hidden[facts.get("name") or ""] = facts.get("value") or ""


class Browser:
    """Sends forms as a browser without JavaScript does."""

    def __init__(self, address: str, cookie: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
        self.cookies = {"center": cookie, "lang": "en"}

    def __enter__(self) -> "Browser":
        return self

    def __exit__(self, *_error: object) -> None:
        self.connection.close()

    def send(self, method: str, path: str, form: dict[str, Any] | None = None) -> tuple[int, str, str]:
        """Ask for a page; returns its status, where it leads, and its text."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, urlencode(form) if form is not None else None, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _is, rest = value.partition("=")
                self.cookies[key] = rest.split(";")[0]
        return answer.status, answer.getheader("Location") or "", text

    def press(self, path: str, form: dict[str, Any]) -> tuple[int, str, str]:
        """Send a step of a form, and open the step to which that leads."""
        status, leads_to, text = self.send("POST", path, form)
        is_step = (
            status == 303 and leads_to.partition("?")[0].rpartition("/")[0] == path.partition("?")[0].rpartition("/")[0]
        )
        return self.send("GET", leads_to) if is_step else (status, leads_to, text)

    def hidden_of(self, path: str) -> dict[str, str]:
        """The hidden fields of the page's form."""
        return hidden_in(*self.send("GET", path))

    def fill_in(self, wish: Wish) -> tuple[str, dict[str, Any]]:
        """Open the form, send it for checking, and stop with a finger on "Book now"."""
        key, asked = f"draft={uuid.uuid4()}", f"/bookings/new/{wish.room}/answers"
        form = {"date": wish.date, "start": wish.start, "minutes": wish.minutes, "people": wish.people}
        form |= {**self.hidden_of(f"{asked}?{key}"), "purpose": "Choir", "party": "self", "stage": "check"}
        checked = self.press(f"{asked}?{key}", form)
        return f"/bookings/new/{wish.room}/check?{key}", {**form, **hidden_in(*checked), "stage": "book"}


def run(rivals: Sequence[tuple[Callable[..., Any], tuple[Any, ...]]]) -> list[Any]:
    """Let each rival run in a process of its own, all from the same start; returns what each brings back."""
    context = at_once()
    gate, results = context.Barrier(len(rivals)), context.Queue()
    processes = [context.Process(target=_rival, args=(n, gate, results, *rival)) for n, rival in enumerate(rivals)]
    for process in processes:
        process.start()
    try:
        brought = dict(results.get(timeout=PATIENCE) for _process in processes)
    finally:
        for process in processes:
            process.join(timeout=5)
            process.kill()
        results.close()
    failures = [each for each in brought.values() if isinstance(each, str)]
    assert not failures, failures[0]
    return [brought[n] for n in range(len(rivals))]


def _rival(n: int, gate: Any, results: Any, task: Callable[..., Any], args: tuple[Any, ...]) -> None:
    try:
        results.put((n, task(gate, *args)))
    except BaseException as error:
        gate.abort()
        results.put((n, f"{type(error).__name__}: {error}"))


def book(gate: Any, address: str, cookie: str, wishes: Sequence[Wish]) -> list[Answer]:
    """Race for one slot after the other, each time from the same moment."""
    answers = []
    with Browser(address, cookie) as browser:
        for wish in wishes:
            path, form = browser.fill_in(wish)
            gate.wait(PATIENCE)
            answers.append(Answer(wish.room, *browser.press(path, form)))
    return answers


def send_again(gate: Any, address: str, cookie: str, path: str, form: dict[str, Any]) -> Answer:
    """Send a form that others send, too."""
    with Browser(address, cookie) as browser:
        browser.send("GET", "/healthz")
        gate.wait(PATIENCE)
        return Answer(path, *browser.send("POST", path, form))


def take(gate: Any, url: str, room_id: int, moments: Sequence[tuple[datetime, datetime]]) -> int:
    """Write straight into the ledger, without looking first; returns how many uses went in."""
    from center import create_app
    from center.kernel.db import db, transaction
    from center.rooms import ledger
    from center.rooms.models import Room, UseKind
    from tests.builders import ZONE
    from tests.engines import settings_for

    app, taken = create_app(settings_for(url)), 0
    with app.app_context():
        room = db.session.get_one(Room, room_id)
        for starts_at, clear_at in moments:
            db.session.rollback()
            gate.wait(PATIENCE)
            try:
                with transaction():
                    ledger.take(UseKind.BOOKING, room, starts_at=starts_at, clear_at=clear_at, zone=ZONE)
                taken += 1
            except ledger.TimeTaken:
                pass
        db.session.remove()
        db.engine.dispose()
    return taken


def hidden_in(status: int, location: str, page: str) -> dict[str, str]:
    """The hidden fields of the form of a page that was answered."""
    assert status == 200, f"{status} {location}: {page[:2000]}"
    fields = Fields()
    fields.feed(page)
    return fields.hidden
