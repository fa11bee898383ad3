"""Take pictures of the site for the documentation, or of any page for a closer look.

python -m tools.screenshots                          the pictures of docs/screenshots, of a fresh demonstration
python -m tools.screenshots --url http://127.0.0.1:8000 --out /tmp/look /board /rooms
                                                     these pages of a running site, at each width, language and size
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import find_browser

ROOT = Path(__file__).resolve().parent.parent
MONDAY_MORNING = "2026-11-23T10:20+08:00"
PHONE, DESK = (390, 844), (1280, 900)
MOST_BYTES = 150_000


@dataclass(frozen=True)
class Shot:
    """One picture: where, how wide, in which language and size, signed in as whom.

    Before it is taken, the link that `follow` finds is followed, `answers` are filled in and sent by the button that
    goes on, and what `top` finds is scrolled to the top.
    """

    name: str
    path: str
    size: tuple[int, int] = DESK
    language: str = "zh"
    is_elder: bool = False
    role: str | None = None
    follow: str | None = None
    answers: tuple[tuple[str, str], ...] = ()
    top: str | None = None

    @property
    def address(self) -> str:
        joint = "&" if "?" in self.path else "?"
        return f"{self.path}{joint}lang={self.language}&elder={int(self.is_elder)}"


TERM = (
    ("weekdays", "1"), ("weekdays", "3"), ("date", "2026-11-26"), ("until", "2027-01-14"),
    ("start", "17:00"), ("minutes", "90"), ("people", "16"), ("purpose", "腰鼓排练"),
)  # fmt: skip
SHOTS = [
    Shot("home", "/"),
    Shot("home-english-phone", "/", PHONE, "en"),
    Shot("home-elder-phone", "/", PHONE, is_elder=True),
    Shot("board", "/board"),
    Shot("board-phone", "/board?date=2026-11-24", PHONE),
    Shot("room", "/rooms/R02"),
    Shot("book-elder-phone", "/bookings/new/R02?date=2026-11-25&start=17:00", PHONE, is_elder=True, role="resident"),
    Shot("desk", "/desk", language="en", role="clerk"),
    Shot("check-in", "/desk", role="clerk", top="#todays-bookings"),
    Shot("series", "/series/new/R07", role="lead", answers=TERM, top="main .notice"),
    Shot("calls", "/desk/to-tell", role="clerk"),
    Shot("activities", "/activities"),
    Shot("activity-elder-phone", "/activities/told-films", PHONE, is_elder=True),
    Shot("draw", "/activities/eight-dishes", follow="main a[href*='/draw/']"),
    Shot("children-day-phone", "/classroom/day", PHONE, role="tutor", top=".kids-section"),
    Shot("hand-over-phone", "/classroom/day", PHONE, role="tutor", follow=".kid__name", top="#hand"),
    Shot(
        "child-plan-phone",
        "/children",
        PHONE,
        role="resident",
        follow="main article a[href^='/children/'], main li a[href^='/children/'], main .panel a[href^='/children/']",
    ),
    Shot("readiness", "/workspace/troupes/red-culture/performances/1", role="lead"),
    Shot("allocation-phone", "/allocation/winter", PHONE),
    Shot("incubator", "/desk/incubator", role="director", language="en"),
    Shot("week", "/desk/week", role="director"),
    Shot("review", "/me/reviews", role="reviewer", language="en", follow="main a[href^='/me/reviews/']"),
]


def main() -> int:
    """Take them all; 1 where a page did not answer well."""
    asked = _arguments()
    found = find_browser()
    if found is None:
        print("No Chrome or Chromium here; `make tools` and `python -m tools.browser` get one.")
        return 1
    with tempfile.TemporaryDirectory(prefix="screenshots-") as scratch, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found.path, args=["--no-sandbox"])
        if asked.url:
            return _take(
                browser, asked.url.rstrip("/"), _every_kind(asked.paths), asked.out, _passwords(asked.accounts)
            )
        folder = Path(scratch)
        with _demonstration(folder) as url:
            return _take(browser, url, SHOTS, asked.out, _passwords(folder / "demo-accounts.txt"))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", default=["/"], help="pages, such as /board; clerk:/desk signs in first")
    parser.add_argument("--url", help="a running site; without it one is started on scratch data")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "screenshots")
    parser.add_argument("--accounts", type=Path, default=ROOT / "var" / "demo-accounts.txt", help="the demo's sign-ins")
    return parser.parse_args()


def _every_kind(paths: list[str]) -> list[Shot]:
    """Each page at both widths, in both languages and both sizes."""
    shots = []
    for given, size, language, is_elder in product(paths, (PHONE, DESK), ("zh", "en"), (False, True)):
        role, _colon, path = given.partition(":") if not given.startswith("/") else ("", "", given)
        name = "-".join([path.strip("/").translate(str.maketrans("/?=&:", "-----")) or "home", str(size[0]), language])
        shots.append(Shot(name + "-elder" * is_elder, path, size, language, is_elder, role or None))
    return shots


def _take(browser: Browser, url: str, shots: list[Shot], out: Path, passwords: dict[str, str]) -> int:
    out.mkdir(parents=True, exist_ok=True)
    failed = 0
    for shot in shots:
        width, height = shot.size
        context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        page = context.new_page()
        if shot.role:
            _sign_in(page, url, shot.role, passwords[shot.role])
        answer = page.goto(url + shot.address, wait_until="networkidle")
        status = answer.status if answer else 0
        failed += status != 200
        _answer(page, shot)
        file = _save(page, out / shot.name)
        print(f"{status} {shot.address} -> {file} ({file.stat().st_size // 1000} kB)", flush=True)
        context.close()
    return int(failed > 0)


def _answer(page: Page, shot: Shot) -> None:
    if shot.follow:
        page.locator(shot.follow).first.click()
        page.wait_for_load_state("networkidle")
    for name, value in shot.answers:
        box, typed = page.locator(f'[name="{name}"][value="{value}"]'), page.locator(f'[name="{name}"]')
        if box.count():
            box.check(force=True)
        elif typed.evaluate("el => el.tagName") == "SELECT":
            typed.select_option(value)
        else:
            typed.fill(value)
    if shot.answers:
        page.locator("main form .button--primary").first.click()
        page.wait_for_load_state("networkidle")
    if shot.top:
        page.locator(shot.top).first.evaluate("el => el.scrollIntoView({ behavior: 'instant' })")


def _save(page: Page, stem: Path) -> Path:
    """As PNG, or where that is large as JPEG."""
    file = stem.with_suffix(".png")
    page.screenshot(path=file)
    if file.stat().st_size <= MOST_BYTES:
        return file
    file.unlink()
    file = stem.with_suffix(".jpg")
    page.screenshot(path=file, type="jpeg", quality=82)
    return file


def _sign_in(page: Page, url: str, login: str, password: str) -> None:
    page.goto(f"{url}/sign-in")
    page.fill("[name=login]", login)
    page.fill("[name=password]", password)
    page.click("main form button[type=submit]")
    page.wait_for_load_state("networkidle")


def _passwords(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    return dict(line.split("\t", 1) for line in file.read_text("utf-8").splitlines() if "\t" in line)


@contextmanager
def _demonstration(folder: Path) -> Iterator[str]:
    """A site on scratch data, on a Monday morning."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    plain = {name: value for name, value in os.environ.items() if not name.startswith("CENTER_")}
    settings = {"DATA_DIR": str(folder), "PORT": str(port), "CLOCK_START": MONDAY_MORNING}
    settings |= {"WORKERS": "1", "SECOND_FACTOR": "0"}
    environ = {**plain, **{f"CENTER_{name}": value for name, value in settings.items()}}
    center = str(Path(sys.executable).with_name("center"))
    for command in (["db", "upgrade"], ["demo"]):
        subprocess.run([center, *command], cwd=ROOT, env=environ, check=True, stdout=subprocess.DEVNULL)
    server = subprocess.Popen([center, "run"], cwd=ROOT, env=environ, stdout=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(port)
        yield url
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(port: int) -> None:
    for _try in range(480):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            time.sleep(0.25)
        else:
            return
    raise TimeoutError(f"nothing answers on port {port}")


if __name__ == "__main__":
    sys.exit(main())
