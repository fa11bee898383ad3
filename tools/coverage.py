"""Which lines and branches of `center/` the tests reach on SQLite without a browser: in all, and where the least.

What the servers, workers and commands reach that tests start counts, too. Arguments go to pytest.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from coverage import Coverage

LEAST = 10
TESTS = ("-m", "coverage", "run", "-m", "pytest", "-q", "-n", "auto", "--dist", "worksteal", "-p", "no:cacheprovider")
# No browser, no storms, no absurd files by the thousand; and what reads our source instead of running it.
LEFT_OUT = (
    "tests/fuzz",
    "tests/journeys",
    "tests/test_architecture.py",
    "tests/test_bombs.py",
    "tests/kernel/test_site.py",
    "tests/test_kills.py",
)
# One engine: what is counted is lines, and both enter the same.
CHOSEN = ("-k", "not postgresql", *(f"--ignore={each}" for each in LEFT_OUT))


def main(arguments: list[str]) -> int:
    """What pytest answered, once the figures are printed."""
    measured = Coverage()
    file = Path(str(measured.get_option("run:data_file")))
    file.parent.mkdir(parents=True, exist_ok=True)
    measured.erase()
    code = subprocess.run([sys.executable, *TESTS, *CHOSEN, *arguments], check=False).returncode
    measured.combine()
    measured.save()
    report = file.with_suffix(".json")
    measured.json_report(outfile=str(report))
    print("\n".join(figures(json.loads(report.read_text()))))
    return code


def figures(report: dict[str, Any]) -> Iterator[str]:
    """One line for all of it, and one for each of the files that the tests reach least."""
    total = report["totals"]
    missed = total["num_branches"] - total["covered_branches"]
    yield (
        f"{total['percent_covered']:.1f} % of center/ is reached: {total['missing_lines']} of {total['num_statements']}"
        f" lines and {missed} of {total['num_branches']} branches are not. Least:"
    )
    files = {name: each["summary"] for name, each in report["files"].items() if each["summary"]["num_statements"]}
    for name, each in sorted(files.items(), key=lambda item: (item[1]["percent_covered"], item[0]))[:LEAST]:
        yield f"{each['percent_covered']:5.1f} %  {name} ({each['missing_lines']} lines not)"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
