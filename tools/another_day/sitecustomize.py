"""Let a Python process believe in another moment. Python imports a module of this name by itself; `tools.days` puts the
folder on the path of the tests and of every process that they start."""

import os
import time
from datetime import UTC, datetime, timedelta

import time_machine

if moment := os.environ.get("ANOTHER_DAY"):
    gone_by = time.time() - float(os.environ["ANOTHER_DAY_SINCE"])
    time_machine.travel(datetime.fromisoformat(moment).astimezone(UTC) + timedelta(seconds=gone_by), tick=True).start()
