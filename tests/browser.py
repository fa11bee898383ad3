"""The browser that journeys run in: an installed Chrome or Chromium, or the one that Playwright keeps for itself."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("google-chrome-stable", "google-chrome", "chrome", "chromium", "chromium-browser")


@dataclass(frozen=True)
class Browser:
    """A browser's program and what it calls itself."""

    path: str
    version: str

    def __str__(self) -> str:
        return f"{self.version} ({self.path})"


def find_browser() -> Browser | None:
    """The browser to use, or None where this machine has none that starts."""
    for path in _candidates():
        if path and Path(path).exists() and (version := _version(path)):
            return Browser(path, version)
    return None


def _candidates() -> Iterator[str | None]:
    yield os.environ.get("CENTER_TEST_BROWSER")
    for name in NAMES:
        yield shutil.which(name)
    with sync_playwright() as playwright:
        yield playwright.chromium.executable_path


def _version(path: str) -> str:
    try:
        said = subprocess.run([path, "--version", "--no-sandbox"], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return " ".join(said.stdout.split()) if said.returncode == 0 else ""
