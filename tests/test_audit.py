"""What `make audit` says of the libraries: weak ones fail, and what could not be asked is never passed over."""

import json
import subprocess
from typing import Any

import pytest

from tools import audit

SOUND: dict[str, Any] = {"name": "flask", "version": "3.1.0", "vulns": []}
WEAK = {"name": "jinja2", "version": "3.1.0", "vulns": [{"id": "CVE-1", "fix_versions": ["3.1.4"]}]}
UNKNOWN = {"name": "center", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("stdout", "stderr", "code", "says"),
    [
        pytest.param({"dependencies": [SOUND]}, "", 0, "1 libraries, 0 known weaknesses", id="none is weak"),
        pytest.param({"dependencies": [SOUND, WEAK]}, "", 1, "jinja2 3.1.0: CVE-1, mended in 3.1.4", id="one is weak"),
        pytest.param({"dependencies": [SOUND, UNKNOWN]}, "", 0, "knows nothing of center", id="unknown"),
        pytest.param(None, "a\nConnectionError: x\n", 0, "NOT RUN: pip-audit of requirements.lock (Conn", id="offline"),
        pytest.param(None, "", 0, "NOT RUN: pip-audit of requirements-dev.lock (it said nothing)", id="silent"),
    ],
)  # fmt: skip
def test_weak_libraries_fail_and_what_was_not_asked_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], stdout: Any, stderr: str, code: int, says: str
) -> None:
    said = json.dumps(stdout) if stdout else ""
    done: subprocess.CompletedProcess[str] = subprocess.CompletedProcess([], 1, stdout=said, stderr=stderr)
    monkeypatch.setattr(subprocess, "run", lambda *_args, **_more: done)
    assert audit.main() == code
    assert says in capsys.readouterr().out
