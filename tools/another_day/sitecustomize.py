"""Let a Python process believe in another moment. Python imports a module of this name by itself; `tools.days` puts the
folder on the path of the tests and of every process that they start."""

import os
import time
from datetime import UTC, datetime

import time_machine

if moment := os.environ.get("ANOTHER_DAY"):
    at_first = datetime.fromisoformat(moment).astimezone(UTC)
    clock = time_machine.travel(at_first, tick=True).start()
    # Set last, so that processes that a busy machine starts slowly still agree: a cookie from the future is no cookie.
    gone_by = time_machine.escape_hatch.time.time() - float(os.environ["ANOTHER_DAY_SINCE"])
    clock.shift(at_first.timestamp() + gone_by - time.time())
