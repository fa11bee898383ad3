"""The end of a day in two real browsers: two of the staff hand over forty children, each by the taps that a page asks.

What is measured is the machine's part: from the first tap for a child until the list shows that it has gone. What
people do (look at the adult, ask the child, read out the code) is what is left of the ten minutes.
"""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from statistics import mean
from threading import Barrier
from time import perf_counter

from flask import Flask
from playwright.sync_api import Browser, ViewportSize, expect, sync_playwright
from sqlalchemy import func, select

from bench.load import Outcome
from center.afterschool.models.custody import Custody, Holder, Holding
from center.kernel.db import db
from center.people.models import Role
from center.people.queries import account_of
from tests.afterschool.handing_over.day_scene import forty
from tests.browser import find_browser
from tests.builders import make_account, session_cookie
from tests.journeys.steps import Taps

DAY = "/classroom/day"
CHILDREN, STAFF = 40, 2
AIM = 600  # seconds for all of them
MOST_TAPS = {"code": 2, "known": 4}
PATIENCE = 60_000  # ms
PHONE: ViewportSize = {"width": 390, "height": 844}


@dataclass(frozen=True)
class Wanted:
    """One child who is to go home: by the code of the day, or before a second member of staff."""

    child_id: int
    code: str
    second_id: int


@dataclass
class Gone:
    """How one child went."""

    how: str
    taps: int
    seconds: float


@dataclass
class Evening:
    """How it went, and what is wrong with any of it."""

    gone: Sequence[Gone]
    seconds: float
    opened: Sequence[float]  # seconds until the list stood there for the first time
    wrong: list[str] = field(default_factory=list)

    def told(self) -> str:
        """What came of it, in a few sentences."""
        each = Outcome(1, [one.seconds * 1000 for one in self.gone])
        taps = {how: sorted(Counter(one.taps for one in self.gone if one.how == how)) for how in MOST_TAPS}
        left = (AIM - self.seconds) * STAFF / len(self.gone)
        told = (
            f"{len(self.gone)} children out by {STAFF} staff in {STAFF} browsers of {PHONE['width']} pixels: "
            f"{self.seconds:.0f} s of the machine's time for all, p50 {each.percentile(0.5) / 1000:.1f} s and "
            f"p99 {each.percentile(0.99) / 1000:.1f} s a child, the list opened in {mean(self.opened):.1f} s; "
            f"taps {taps['code']} with the code, {taps['known']} without. Of {AIM / 60:g} minutes that leaves "
            f"{left:.0f} s for each child to whoever hands it over."
        )
        return told + "".join(f" WRONG: {one}." for one in self.wrong)


def hand_all_over(app: Flask, site: int) -> Evening | None:
    """Let forty children go home; None where this machine has no browser."""
    found = find_browser()
    if found is None:
        return None
    with app.app_context():
        day = forty(CHILDREN, here=CHILDREN)
        helper = make_account(day.scene.helper, roles=[Role.TUTOR])
        staff = [account_of(day.scene.tutor.id), helper]
        cookies = [session_cookie(app, each) for each in staff if each is not None]
        seconds_of = [day.scene.helper.id, day.scene.tutor.id]
        wanted = [
            Wanted(child.id, day.scene.code(child) if n // STAFF % 2 == 0 else "", seconds_of[n % STAFF])
            for n, child in enumerate(day.children)
        ]
        db.session.rollback()
        ready = Barrier(STAFF)
        with ThreadPoolExecutor(STAFF) as pool:
            runs = [
                pool.submit(_one_of_staff, found.path, f"http://127.0.0.1:{site}", cookies[n], wanted[n::STAFF], ready)
                for n in range(STAFF)
            ]
            done = [run.result() for run in runs]
        began, ended = min(each[0] for each in done), max(each[1] for each in done)
        evening = Evening([one for each in done for one in each[3]], ended - began, [each[2] for each in done])
        _check(evening, [each.child_id for each in wanted])
        return evening


def _one_of_staff(
    browser_path: str, site: str, cookie: str, wanted: Sequence[Wanted], ready: Barrier
) -> tuple[float, float, float, list[Gone]]:
    """One browser: when it began, when it was done, how long its list took to open, and how each child went."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        try:
            return _hand_over(browser, site, cookie, wanted, ready)
        finally:
            browser.close()


def _hand_over(
    browser: Browser, site: str, cookie: str, wanted: Sequence[Wanted], ready: Barrier
) -> tuple[float, float, float, list[Gone]]:
    context = browser.new_context(base_url=site, viewport=PHONE, locale="zh-CN", reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    context.add_cookies(
        [{"name": name, "value": value, "url": site} for name, value in (("center", cookie), ("lang", "zh"))]
    )
    page, asked = context.new_page(), perf_counter()
    page.goto(DAY)
    opened = perf_counter() - asked
    ready.wait(PATIENCE)
    began, gone = perf_counter(), []
    for one in wanted:
        first, taps = perf_counter(), Taps()
        line = page.locator(f"#c{one.child_id}")
        taps(line.get_by_role("link", name="交接"))
        if one.code:
            page.get_by_label("当天接送码").fill(one.code)
        else:
            taps(page.locator(f"input[name=second][value='{one.second_id}']"))
        taps(page.locator("button[name=act][value^='hand:c']").first)
        expect(page.locator(f"#c{one.child_id}")).to_contain_text("接走", timeout=PATIENCE)
        gone.append(Gone("code" if one.code else "known", taps.count, perf_counter() - first))
    return began, perf_counter(), opened, gone


def _check(evening: Evening, children: Sequence[int]) -> None:
    """Everybody is gone by the ledger, and no more was tapped than may be."""
    db.session.rollback()
    held = select(func.count()).select_from(Holding).join(Custody, Custody.id == Holding.custody_id)
    number = db.session.scalar(held.where(Custody.child_id.in_(children), Custody.holder == Holder.COLLECTOR))
    if number != len(children):
        evening.wrong.append(f"{number} of {len(children)} children are gone by the ledger")
    if too_many := [one for one in evening.gone if one.taps > MOST_TAPS[one.how]]:
        evening.wrong.append(f"{len(too_many)} children took too many taps")
