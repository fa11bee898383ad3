"""The scenes of a whole run, in their order. Each says what it found, line by line, and notes what has an aim."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection

from bench import (
    activities,
    children,
    commits,
    desk,
    door,
    errands,
    evening,
    evidence,
    matching,
    memory,
    passes,
    publishing,
    readiness,
    rush,
    scenes,
    shows,
    storm,
    weekly,
    weights,
)
from bench.load import Outcome, put_load, request
from bench.stage import Stage

READERS, READING = 8, 20.0  # people who read while one books, and for how many seconds
ALONE = 40  # bookings of one client
CALENDAR = "/calendar.ics"

Play = Callable[[Stage], Iterator[str]]


def pages(stage: Stage) -> Iterator[str]:
    """What visitors ask for."""
    yield stage.pages(scenes.scenes(stage.app)) + "\n"


def signed_in(stage: Stage) -> Iterator[str]:
    """What residents and clerks ask for."""
    wanted = scenes.signed_in_scenes(stage.app)
    yield stage.pages(wanted) + "\n"
    roll = put_load(stage.site.port, wanted[-1].requests(), seconds=stage.asked.seconds, connections=1)
    stage.figures.note(f"{wanted[-1].name}, p99", roll.percentile(0.99))
    yield f"{wanted[-1].name}, one client: p50 {roll.percentile(0.5):.1f} ms, p99 {roll.percentile(0.99):.1f} ms."


def lists(stage: Stage) -> Iterator[str]:
    """Activities, of which there are more and more."""
    for number in activities.NUMBERS:
        yield stage.pages(stage.activities(number)) + "\n"


def calendar(stage: Stage) -> Iterator[str]:
    """One program that fetches the centre's calendar again and again, and one that has it already."""
    connection = HTTPConnection("127.0.0.1", stage.site.port, timeout=60)
    connection.request("GET", CALENDAR, headers={"Host": "127.0.0.1"})  # as `request` asks: addresses are in it
    answer = connection.getresponse()
    size, etag = len(answer.read()), answer.getheader("ETag") or ""
    for what, known, status in (("kept", "", 200), ("not changed (304)", etag, 304)):
        wanted = [request(CALENDAR, etag=known)]
        put_load(stage.site.port, wanted, seconds=stage.asked.seconds / 2, connections=1, statuses=[status])
        came = put_load(stage.site.port, wanted, seconds=stage.asked.seconds, connections=1, statuses=[status])
        stage.figures.note(f"centre's calendar, {what}, p50", came.percentile(0.5))
        yield f"Centre's calendar of {size / 1000:.0f} kB, {what}: {_times(came)}, {came.failures} failures."


def beside_commits(stage: Stage) -> Iterator[str]:
    """The board while somebody signs in five times a second."""
    board, *_others = scenes.scenes(stage.app)
    put_load(stage.site.port, board.requests(), seconds=stage.asked.seconds)
    with commits.unrelated(stage.app) as done:
        came = put_load(stage.site.port, board.requests(), seconds=stage.asked.seconds * stage.asked.rounds)
    stage.figures.note(f"board, {commits.A_SECOND} unrelated commits a second", came.rate)
    yield f"Board beside {len(done) / came.seconds:.1f} sign-ins/s: {came.rate:.0f}/s, {_times(came)}."


def weighed(stage: Stage) -> Iterator[str]:
    """What a first visit and the next pages fetch."""
    weight = weights.weigh(stage.site.port)
    stage.figures.note("first visit of the board", weight.size / 1000)
    stage.figures.note("next page: requests", weight.next_requests)
    yield weight.told()


def played(stage: Stage) -> Iterator[str]:
    """Which pieces can be played, and by whom."""
    found = readiness.play()
    stage.figures.note("readiness of 40 pieces, worst", max(found.milliseconds))
    yield found.told()


def booking(stage: Stage) -> Iterator[str]:
    """One person after the other, then sixteen at once, through the form."""
    storm.raise_storm(stage.site.port, errands.hours(stage.app, storm.EACH), at_once=1)  # to be warm
    alone = storm.raise_storm(stage.site.port, errands.hours(stage.app, ALONE), at_once=1)
    stage.figures.note("booking, one client", alone.rate)
    yield alone.told("bookings", people=1)
    raised = storm.raise_storm(stage.site.port, errands.hours(stage.app, storm.CONTENDERS * storm.EACH))
    stage.figures.note(f"booking, {storm.CONTENDERS} at once", raised.rate)
    stage.figures.note(f"booking, {storm.CONTENDERS} at once: save p99", raised.save_p99)
    yield raised.told("bookings")


def among_readers(stage: Stage) -> Iterator[str]:
    """How long one person's bookings take while others do nothing but read pages of activities."""
    read = next(each for each in stage.activities(activities.NUMBERS[-1]) if each.name.startswith("an activity"))
    wanted, site = errands.hours(stage.app, storm.EACH * 2), stage.site.port
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(put_load, site, read.requests(), seconds=READING, connections=READERS)
        raised = storm.raise_storm(site, wanted, at_once=1)
        came = reading.result()
    whole = "" if raised.seconds < READING else f" (the readers were done before it, after {READING:g} s)"
    stage.figures.note(f"booking, {READERS} others read: save p99", raised.save_p99)
    yield (
        f"Among {READERS} readers, who had {came.rate:.0f} pages/s and {came.failures} failures{whole}: "
        f"{raised.told('bookings', people=1)}"
    )


def half_years(stage: Stage) -> Iterator[str]:
    """Series, by sixteen people at once."""
    wanted = errands.series(stage.app, storm.CONTENDERS * 2)
    yield storm.raise_storm(stage.site.port, wanted).told(f"series of {errands.DATES} dates")


def rushed(stage: Stage) -> Iterator[str]:
    """Far more people than places."""
    asked = stage.asked
    found = rush.raise_rush(stage.app, stage.site.port, stage.floor.port, people=asked.rush, seconds=asked.seconds)
    stage.figures.note("rush", 0 if found.wrong else found.rate)
    yield found.told()


def at_the_door(stage: Stage) -> Iterator[str]:
    """Four devices, one class of 500."""
    found = door.open_door(stage.app, stage.site.port, stage.floor.port, seconds=stage.asked.seconds)
    stage.figures.note(
        "scan at the door, p99", Outcome(1, [each.milliseconds for each in found.scans]).percentile(0.99)
    )
    stage.figures.note("200 stored entries at once", max(each.milliseconds for each in found.parcels))
    yield found.told()


def allocated(stage: Stage) -> Iterator[str]:
    """Weekly times for wishes, of one centre and of a hundred."""
    for found in matching.allocate():
        stage.figures.note(
            f"allocation of {found.wishes:,} × {found.times:,}", max(found.milliseconds, found.contested)
        )
        yield found.told()


def published(stage: Stage) -> Iterator[str]:
    """A result of 240 dates becomes series."""
    found = publishing.publish(stage.app)
    stage.figures.note("publishing an allocation of 240 dates", found.milliseconds)
    yield found.told()


def ranked(stage: Stage) -> Iterator[str]:
    """The best weekly times of a room, and of all."""
    for found in weekly.rank(stage.app):
        if found.has_aim:
            stage.figures.note("best weekly times of a room, p50", found.p50)
            stage.figures.note("best weekly times of a room, of the processor", found.work)
        yield found.told()


def printed(stage: Stage) -> Iterator[str]:
    """The programme of a performance on paper."""
    found = shows.print_one(stage.app)
    stage.figures.note("a programme of 40 pieces, printed, worst", max(found.milliseconds))
    yield found.told()


def after_school(stage: Stage) -> Iterator[str]:
    """The day of the children, and the sweep of alarms."""
    found = children.open_day(stage.app, stage.site.port, stage.floor.port, seconds=stage.asked.seconds)
    stage.figures.note("after-school day of 40: bytes", found.size / 1000)
    yield found.told()


def packed(stage: Stage) -> Iterator[str]:
    """The evidence of a month."""
    found = evidence.make_pack(stage.app)
    stage.figures.note("evidence pack of 200 photographs", found.seconds)
    yield found.told()


def going_home(stage: Stage) -> Iterator[str]:
    """Forty children, two browsers."""
    found = evening.hand_all_over(stage.app, stage.site.port)
    if found is not None:
        stage.figures.note("40 children go home", found.seconds)
    yield found.told() if found else "No browser: children going home not measured."


def searched(stage: Stage) -> Iterator[str]:
    """The desk's search among the people that there are, and among so many times as many."""
    clerk = desk.clerk_of(stage.app)
    rows = list(desk.measured(stage.app, stage.site.port, clerk, seconds=stage.asked.seconds))
    if stage.asked.people > 1:
        desk.multiply(stage.app, stage.asked.people)
        rows += desk.measured(stage.app, stage.site.port, clerk, seconds=stage.asked.seconds)
    stage.figures.note("desk's search, slowest p99", max(float(row[desk.P99]) for row in rows))
    yield desk.told(rows) + "\n"


def looked_for(stage: Stage) -> Iterator[str]:
    """What the worker does every two seconds though nothing is due."""
    found = passes.look(stage.app)
    stage.figures.note("worker's look at everything, ms", found.whole)
    yield found.told()


def remembered(stage: Stage) -> Iterator[str]:
    """The memory of all processes, once they have answered all kinds of pages."""
    for scene in [*scenes.scenes(stage.app), *scenes.signed_in_scenes(stage.app)]:
        put_load(stage.site.port, scene.requests(), seconds=1)
    found = memory.of_session(stage.site.process)
    stage.figures.note("memory after load (PSS)", sum(each.megabytes for each in found))
    yield memory.told(found)


SCENES: Mapping[str, Play] = {
    "pages": pages,
    "signed-in": signed_in,
    "commits": beside_commits,
    "calendar": calendar,
    "activities": lists,
    "weights": weighed,
    "readiness": played,
    "booking": booking,
    "readers": among_readers,
    "series": half_years,
    "rush": rushed,
    "door": at_the_door,
    "allocation": allocated,
    "publishing": published,
    "best-times": ranked,
    "print": printed,
    "children": after_school,
    "evidence": packed,
    "evening": going_home,
    "worker": looked_for,
    "search": searched,
    "memory": remembered,
}
OF_HISTORY = ("pages", "signed-in", "calendar", "booking", "series", "rush", "worker")  # again with a long one


def _times(came: Outcome) -> str:
    return f"p50 {came.percentile(0.5):.2f} ms, p99 {came.percentile(0.99):.2f} ms"
