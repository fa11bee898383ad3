"""Run the tests with the clock at days on which dates go wrong, on one engine, without the browser.

Every Python process of a run, servers that tests start too, believes in the other moment; waiting stays real. (Debian's
`faketime` 0.9.10 cannot do that: with it Python 3.11 waits for ever, or not at all.) Names of days as arguments choose
among them; what follows `--` goes to pytest.
"""

import os
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
EARLY = "ignore:Module already imported:pytest.PytestAssertRewriteWarning"  # of time_machine
TESTS = ("-m", "pytest", "-q", "-n", "auto", "--dist", "worksteal", "-p", "no:cacheprovider", "-W", EARLY)
# No browser; and what reads no time, or sets its own whatever the day is.
TELL_NO_TIME = (
    "tests/fuzz",
    "tests/journeys",
    "tests/test_access_matrix.py",
    "tests/test_architecture.py",
    "tests/test_areas.py",
    "tests/test_audit.py",
    "tests/test_bombs.py",
    "tests/kernel/test_site.py",
    "tests/test_kills.py",
    "tests/test_sizes.py",
    "tests/test_slowness.py",
    "tests/test_translations.py",
)
ONE_ENGINE = ("-k", "not postgresql", *(f"--ignore={each}" for each in TELL_NO_TIME))
ANOTHER_DAY = Path(__file__).parent / "another_day"


def moments() -> dict[str, datetime]:
    """Each day's name and moment."""
    today = datetime.now(ZONE)
    return {
        "new-year": datetime(2026, 12, 31, 23, 50, tzinfo=ZONE),
        "end-of-february": datetime(2027, 2, 28, 10, tzinfo=ZONE),
        "leap-day": datetime(2028, 2, 29, 10, tzinfo=ZONE),
        "sunday-midnight": datetime(2026, 12, 6, 23, 59, 30, tzinfo=ZONE),
        "make-up-day": datetime(2026, 10, 10, 9, tzinfo=ZONE),  # a Saturday worked for the National Day holiday
        "two-years-ahead": today.replace(year=today.year + 2, day=min(today.day, 28)),
    }


def main(arguments: list[str]) -> int:
    """How many days failed, after one line of result for each."""
    cut = arguments.index("--") if "--" in arguments else len(arguments)
    names, more, known = arguments[:cut], arguments[cut + 1 :], moments()
    if unknown := [name for name in names if name not in known]:
        print(f"No such day: {', '.join(unknown)}. There are: {', '.join(known)}.")
        return 2
    codes = {name: _run(known[name], more) for name in names or known}
    for name, code in codes.items():
        print(f"{known[name]} ({name}): {'passed' if code == 0 else f'FAILED with {code}'}")
    return sum(1 for code in codes.values() if code)


def _run(moment: datetime, more: list[str]) -> int:
    """What pytest answers at that moment."""
    print(f"The tests at {moment}", flush=True)
    env = {
        **os.environ,
        "TZ": ZONE.key,
        "PYTHONPATH": os.pathsep.join([str(ANOTHER_DAY), *filter(None, [os.environ.get("PYTHONPATH")])]),
        "ANOTHER_DAY": moment.isoformat(),
        "ANOTHER_DAY_SINCE": str(time.time()),
    }
    tests = more if any(each.startswith("tests") for each in more) else [*more, "tests"]
    return subprocess.run([sys.executable, *TESTS, *ONE_ENGINE, *tests], env=env).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
