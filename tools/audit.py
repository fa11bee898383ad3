"""Say which of the pinned libraries have weaknesses that are known, as far as anybody can be asked.

`pip-audit` asks a public service on the Internet. Where that cannot be reached nothing is known, and this says so. It
lives in an environment of its own, `.venv/audit`: it brings libraries with which ours would behave otherwise.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PROGRAM = Path(sys.prefix) / "audit" / "bin" / "pip-audit"
LOCKS = ("requirements.lock", "requirements-dev.lock")
PATIENCE = 120  # seconds, for all of them


def main() -> int:
    """1 where a weakness is known; 0 where none is, or where nobody could be asked."""
    return max(_audit(Path(name)) for name in LOCKS)


def _audit(lock: Path) -> int:
    """Ask about one lock. What it says is believed only where it is an answer."""
    command = [str(PROGRAM), "--requirement", str(lock), "--require-hashes", "--disable-pip"]
    more = ["--vulnerability-service", "osv", "--format", "json", "--progress-spinner", "off"]
    try:
        done = subprocess.run([*command, *more], capture_output=True, text=True, timeout=PATIENCE)
        known: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except subprocess.TimeoutExpired:
        return _not_run(lock, f"no answer within {PATIENCE} s")
    except (ValueError, KeyError):
        return _not_run(lock, _last_line(done.stderr))
    except OSError as error:
        return _not_run(lock, f"{PROGRAM}: {error.strerror}")
    weak = list(_weak(known))
    unknown = [each["name"] for each in known if "skip_reason" in each]
    print(f"{lock}: {len(known) - len(unknown)} libraries, {len(weak)} known weaknesses", flush=True)
    if unknown:
        print(f"NOT RUN: pip-audit knows nothing of {', '.join(unknown)}.", flush=True)
    for line in weak:
        print(f"  {line}", flush=True)
    return int(bool(weak))


def _weak(known: list[dict[str, Any]]) -> Iterator[str]:
    for each in known:
        for found in each.get("vulns", ()):
            mended = ", ".join(found["fix_versions"]) or "no version yet"
            yield f"{each['name']} {each['version']}: {found['id']}, mended in {mended}"


def _not_run(lock: Path, why: str) -> int:
    print(
        f"NOT RUN: pip-audit of {lock} ({why}). Whether its libraries have known weaknesses is not known.", flush=True
    )
    return 0


def _last_line(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[-1][:200] if lines else "it said nothing"


if __name__ == "__main__":
    sys.exit(main())
