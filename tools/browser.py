"""Say which browser the journeys will use; where there is none, install one.

As root on Debian or Ubuntu that is their `chromium` with a font for Chinese, otherwise Playwright's own.
"""

import os
import shutil
import subprocess
import sys
from typing import Any

from tests.browser import Browser, find_browser


def main() -> int:
    """0 in any case: without a browser the tests that need one say so, and fail in CI."""
    browser = find_browser()
    if browser is None:
        print("No Chrome or Chromium is installed here; installing one.", flush=True)
        if os.geteuid() == 0 and shutil.which("apt-get"):
            _install_debians()
        browser = find_browser() or _install_playwrights()
    print(f"Browser: {browser or 'none to be had; tests in a browser will NOT RUN'}", flush=True)
    return 0


def _install_debians() -> None:
    quiet: dict[str, Any] = {"env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, "stdout": subprocess.DEVNULL}
    install = ["apt-get", "install", "-y", "--no-install-recommends", "chromium", "fonts-noto-cjk"]
    for command in (["apt-get", "update"], install):
        done = subprocess.run(command, **quiet)
        if done.returncode:
            print(f"{' '.join(command)} failed with {done.returncode}.", flush=True)


def _install_playwrights() -> Browser | None:
    command = [sys.executable, "-m", "playwright", "install", "--no-shell", "chromium"]
    if subprocess.run(command).returncode:
        print("Playwright could not download its browser.", flush=True)
    return find_browser()


if __name__ == "__main__":
    sys.exit(main())
