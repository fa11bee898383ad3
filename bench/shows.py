"""How long it takes to print a programme of forty pieces with sixty performers, for whoever leads the troupe."""

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask

from tests.builders import make_account, make_organisation, session_cookie
from tests.statements import selects
from tests.troupes.builders import make_member, make_piece, make_troupe
from tests.troupes.performances.builders import make_performance

PIECES, MEMBERS, IN_EACH, ROUNDS = 40, 60, 20, 10
MOST = 1000.0  # milliseconds: the aim


@dataclass(frozen=True)
class Printed:
    """The rounds, in milliseconds, and how many statements each takes."""

    milliseconds: Sequence[float]
    statements: int

    def told(self) -> str:
        """In a line, with the aim."""
        worst = max(self.milliseconds)
        return (
            f"A programme of {PIECES} pieces with {MEMBERS} performers, printed: "
            f"p50 {statistics.median(self.milliseconds):.0f} ms, worst of {ROUNDS} {worst:.0f} ms (aim {MOST:g} ms: "
            f"{'met' if worst <= MOST else 'MISSED'}), {self.statements} statements."
        )


def print_one(app: Flask) -> Printed:
    """Each piece with twenty of the sixty, others each time."""
    with app.test_request_context("/"):
        lead = make_account()
        troupe = make_troupe(organisation=make_organisation(leads=[lead.person]))
        members = [make_member(troupe) for _n in range(MEMBERS)]
        pieces = [make_piece(troupe, heads={}, seconds=60) for _n in range(PIECES)]
        cast = {n + 1: [members[(n * 7 + each) % MEMBERS] for each in range(IN_EACH)] for n in range(PIECES)}
        show = make_performance(troupe, pieces=pieces, cast=cast, minutes=180, slot_seconds=10_000)
        address, cookie = f"/workspace/troupes/{troupe.slug}/performances/{show.id}/print", session_cookie(app, lead)
    client, taken = app.test_client(), []
    client.set_cookie("center", cookie)
    for _round in range(ROUNDS):
        with app.app_context(), selects() as sent:
            begun = time.perf_counter()
            assert client.get(address).status_code == 200
            taken.append((time.perf_counter() - begun) * 1000)
    return Printed(taken, len(sent))
