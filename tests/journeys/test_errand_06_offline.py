"""Errand 6 without a connection: children come and go on a tutor's phone, and nothing that was said is lost."""

import re
import time
import uuid
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from center.afterschool.custody.ledger import Sent
from center.afterschool.models.care import Alarm, AlarmKind
from center.afterschool.models.custody import CheckedBy, CustodyEvent, Holder, Outcome
from center.kernel import clock
from center.kernel.db import db
from center.people.models import Account
from tests.afterschool.builders import make_child, make_duty
from tests.afterschool.custody_cases import bar, collector_of
from tests.afterschool.handing_over.scene import Scene, holder
from tests.afterschool.plan_builders import enrol, term_from_today
from tests.journeys.checks import assert_good
from tests.journeys.conftest import PHONE, OpenPage
from tests.journeys.steps import FILES

PATIENCE = 20_000
KEPT = "[data-kept-day][data-kept][data-contact=online]"
OFFLINE = "[data-offline-day][data-ready]"


@pytest.fixture
def scene(site: object) -> Scene:
    return Scene()


def account_of(scene: Scene) -> Account:
    db.session.rollback()
    return db.session.scalars(select(Account).where(Account.person_id == scene.tutor.id)).one()


def events(scene: Scene) -> list[CustodyEvent]:
    db.session.rollback()
    query = select(CustodyEvent).where(CustodyEvent.child_id == scene.child.id, CustodyEvent.holder != Holder.SCHOOL)
    return list(db.session.scalars(query.order_by(CustodyEvent.id)))


def at_the_door(open_page: OpenPage, scene: Scene) -> Page:
    """The day's page on a phone, once it can do without a connection; then the line is cut."""
    page = open_page("/classroom/day", account=account_of(scene), viewport=PHONE)
    expect(page.locator(KEPT)).to_be_attached(timeout=PATIENCE)
    page.wait_for_function("navigator.serviceWorker.controller !== null || navigator.serviceWorker.ready")
    page.reload()
    expect(page.locator(KEPT)).to_be_attached(timeout=PATIENCE)
    page.context.set_offline(True)
    page.reload()
    expect(page.locator(OFFLINE)).to_be_attached(timeout=PATIENCE)
    return page


def kid(page: Page, scene: Scene) -> object:
    return page.locator(f"#c{scene.child.id}")


def test_a_child_comes_and_goes_by_the_code_and_all_of_it_is_sent_later(open_page: OpenPage, scene: Scene) -> None:
    code = scene.code()
    page = at_the_door(open_page, scene)
    line = page.locator(f"#c{scene.child.id}")
    line.get_by_role("button", name="到场").click()
    expect(line).to_contain_text("未上传")
    line.get_by_role("link", name="交接").click()
    page.get_by_label("当天接送码").fill(code)
    page.get_by_role("button", name="李桂兰").click()
    expect(page.locator(f"#c{scene.child.id}")).to_contain_text("李桂兰", timeout=PATIENCE)
    assert_good(page)
    assert events(scene) == []
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("html[data-outbox='0']")).to_be_attached(timeout=PATIENCE)
    came, went = events(scene)
    assert (came.holder, came.outcome, came.is_offline) == (Holder.ROOM, Outcome.ACCEPTED, True)
    assert (went.holder, went.outcome, went.checked_by) == (Holder.COLLECTOR, Outcome.ACCEPTED, CheckedBy.CODE)
    page.goto("/classroom/day")
    expect(page.get_by_role("heading", name="当日名单")).to_be_visible()


def test_three_wrong_codes_count_no_more_and_a_second_adult_looks(open_page: OpenPage, scene: Scene) -> None:
    scene.code()
    scene.arrive()
    page = at_the_door(open_page, scene)
    page.locator(f"#c{scene.child.id}").get_by_role("link", name="交接").click()
    for left in ("2", "1"):
        page.get_by_label("当天接送码").fill("XXXXXX")
        page.get_by_role("button", name="李桂兰").click()
        expect(page.locator("[data-code-said]")).to_contain_text(left, timeout=PATIENCE)
    page.get_by_role("button", name="李桂兰").click()
    expect(page.locator("[data-code-said]")).to_contain_text("第二名", timeout=PATIENCE)
    page.get_by_label("李老师").check()
    page.get_by_role("button", name="李桂兰").click()
    expect(page.locator(f"#c{scene.child.id}")).to_contain_text("李桂兰", timeout=PATIENCE)


def test_whoever_is_barred_gets_no_button_without_a_connection(open_page: OpenPage, scene: Scene) -> None:
    collector_of(scene.child, "前夫")
    bar(scene.child, "前夫")
    scene.arrive()
    page = at_the_door(open_page, scene)
    page.locator(f"#c{scene.child.id}").get_by_role("link", name="交接").click()
    expect(page.get_by_text("前夫")).to_be_visible()
    expect(page.get_by_role("button", name="前夫")).to_have_count(0)
    for box in page.locator("[data-sheet] details").all():
        box.evaluate("box => { box.open = true; }")
    page.locator("[data-other-name]").fill("前 夫")
    page.locator(f"input[name=off-caller][value='{scene.mother.id}']").check()
    page.locator(f"input[name=off-second][value='{scene.helper.id}']").check()
    page.locator("[data-other-act]").click()
    expect(page.locator("[data-refused]")).to_contain_text("前 夫")
    expect(page.locator("html[data-outbox='1']")).to_have_count(0)


def test_a_form_that_could_not_be_sent_is_said_again_on_the_kept_page(open_page: OpenPage, scene: Scene) -> None:
    page = open_page("/classroom/day", account=account_of(scene), viewport=PHONE)
    expect(page.locator(KEPT)).to_be_attached(timeout=PATIENCE)
    page.reload()
    expect(page.locator(KEPT)).to_be_attached(timeout=PATIENCE)
    page.context.set_offline(True)
    page.locator(f"#c{scene.child.id}").get_by_role("button", name="到场").click()
    expect(page.locator(OFFLINE)).to_be_attached(timeout=PATIENCE)
    assert events(scene) == []
    page.locator(f"#c{scene.child.id}").get_by_role("button", name="到场").click()
    expect(page.locator("html[data-outbox='1']")).to_be_attached()


SEEN_IN_THE_MIDDLE = """() =>
    document.elementFromPoint(innerWidth / 2, innerHeight / 2).closest('[data-cover]') !== null
"""
KEPT_HERE = """async () => {
    const { withStore } = await import('FILES/js/checkin/store.js');
    return withStore((db) => Promise.all(['snapshots', 'keys', 'outbox'].map((each) => db.count(each))));
}""".replace("FILES", FILES)


PUT = f"(item) => import('{FILES}/js/checkin/outbox.js').then((outbox) => outbox.put(item))"


def in_store(page: Page, does: str) -> Any:
    """Something done with what the browser keeps."""
    return page.evaluate(f"import('{FILES}/js/checkin/store.js').then(({{ withStore }}) => withStore({does}))")


def kept(page: Page, scene: Scene, body: dict[str, Any]) -> dict[str, Any]:
    """Something said of the child that the device has kept."""
    return {
        "nonce": str(uuid.uuid4()), "by": in_store(page, "(db) => db.get('meta', 'who')"), "to": "/classroom/day/items",
        "day": scene.day.on_date.isoformat(), "device_at": clock.now().isoformat(), "offset_ms": 0, "stored": True,
        "body": {**body, "child": scene.child.id},
    }  # fmt: skip


def late(route: Route) -> None:
    """The site answers after nobody waits for it any more."""
    answer = route.fetch()
    time.sleep(4)
    route.fulfill(response=answer)


def again(page: Page) -> None:
    """There is a connection again."""
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-offline-day][data-contact=online]")).to_be_attached(timeout=PATIENCE)


def test_signing_out_leaves_what_is_unsent_and_no_list(open_page: OpenPage, scene: Scene) -> None:
    page = at_the_door(open_page, scene)
    page.locator(f"#c{scene.child.id}").get_by_role("button", name="到场").click()
    expect(page.locator("html[data-outbox='1']")).to_be_attached()
    page.context.route("**/classroom/day/items", lambda route: route.abort())
    page.context.set_offline(False)
    other = page.context.new_page()
    other.goto("/me/account")
    other.locator("main").get_by_role("button", name="退出").click()
    expect(other.locator("html[data-lists='0']")).to_be_attached(timeout=PATIENCE)
    assert other.evaluate(KEPT_HERE) == [0, 0, 1]


def test_signing_out_where_no_script_runs_shuts_the_list_and_loses_nothing(open_page: OpenPage, scene: Scene) -> None:
    page = at_the_door(open_page, scene)
    page.locator(f"#c{scene.child.id}").get_by_role("button", name="到场").click()
    expect(page.locator("html[data-outbox='1']")).to_be_attached()
    context = page.context
    page.close()
    context.set_offline(False)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', context.request.get("/me/account").text())
    assert token is not None
    assert context.request.post("/sign-out", form={"csrf_token": token[1]}).ok
    context.set_offline(True)
    again = context.new_page()
    again.goto("/classroom/day")
    expect(again.locator(OFFLINE)).to_be_attached(timeout=PATIENCE)
    expect(again.locator("[data-no-list]")).to_be_visible()
    expect(again.get_by_text(scene.child.name)).to_have_count(0)
    assert again.evaluate(KEPT_HERE)[2] == 1


def test_nobody_else_opens_the_list_that_somebody_kept(open_page: OpenPage, scene: Scene) -> None:
    page = at_the_door(open_page, scene)
    expect(page.locator(f"#c{scene.child.id}")).to_be_visible()
    in_store(page, "(db) => db.put('meta', 'somebody else', 'who')")
    page.reload()
    expect(page.locator(OFFLINE)).to_be_attached(timeout=PATIENCE)
    expect(page.locator("[data-no-list]")).to_be_visible()
    expect(page.locator(f"#c{scene.child.id}")).to_have_count(0)


def test_with_a_connection_again_whoever_is_barred_by_now_is_turned_away(open_page: OpenPage, scene: Scene) -> None:
    scene.arrive()
    page = at_the_door(open_page, scene)
    with page.expect_response("**/classroom/day/snapshot*"):
        again(page)
    bar(scene.child, "李桂兰")
    page.locator(f"#c{scene.child.id}").get_by_role("link", name="交接").click()
    page.get_by_label("李老师").check()
    page.get_by_role("button", name="李桂兰").click()
    expect(page.locator("[data-refused]")).to_contain_text("不能交接", timeout=PATIENCE)
    expect(page.locator("html[data-outbox='0']")).to_be_attached()
    assert holder(scene.child) is Holder.ROOM


def test_a_refusal_that_comes_late_stands_until_it_is_seen(open_page: OpenPage, scene: Scene) -> None:
    scene.arrive()
    page = at_the_door(open_page, scene)
    with page.expect_response("**/classroom/day/snapshot*"):
        again(page)
    bar(scene.child, "李桂兰")
    page.context.route("**/classroom/day/items", late)
    page.locator(f"#c{scene.child.id}").get_by_role("link", name="交接").click()
    page.get_by_label("李老师").check()
    page.get_by_role("button", name="李桂兰").click()
    stands = page.locator("[data-late]")
    expect(stands).to_contain_text("不能交接", timeout=PATIENCE)
    expect(stands).to_contain_text(scene.child.name)
    expect(page.locator("html[data-outbox='0']")).to_be_attached(timeout=PATIENCE)
    assert_good(page)
    page.goto("/classroom/day")
    expect(stands).to_contain_text(scene.child.name, timeout=PATIENCE)
    stands.get_by_role("button", name="知道了").click()
    expect(stands).to_be_hidden()
    page.reload()
    expect(page.locator(KEPT)).to_be_attached(timeout=PATIENCE)
    expect(stands).to_be_hidden()


def test_what_no_rule_lets_in_goes_to_a_person_and_leaves_the_device(open_page: OpenPage, scene: Scene) -> None:
    scene.arrive()
    page = at_the_door(open_page, scene)
    stored = kept(page, scene, {"act": "hand", "adult": "c999999", "agreed": True, "second": scene.helper.id})
    page.evaluate(PUT, stored)
    expect(page.locator("html[data-outbox='1']")).to_be_attached()
    again(page)
    expect(page.locator("html[data-outbox='0']")).to_be_attached(timeout=PATIENCE)
    expect(page.locator("[data-late]")).to_contain_text("从未在名单上")
    assert holder(scene.child) is Holder.ROOM
    db.session.rollback()
    assert db.session.scalars(select(Alarm.kind).where(Alarm.child_id == scene.child.id)).all() == [AlarmKind.CONFLICT]


@pytest.mark.parametrize("is_offline", [True, False])
def test_after_a_while_without_a_touch_the_names_are_covered_and_one_tap_shows_them(
    open_page: OpenPage, scene: Scene, is_offline: bool
) -> None:
    scene.arrive()
    if is_offline:
        page = at_the_door(open_page, scene)
    else:
        page = open_page("/classroom/day", account=account_of(scene), viewport=PHONE)
    cover = page.locator("[data-cover]")
    for _n in range(2):  # it covers them anew
        cover.evaluate("(each) => { each.dataset.after = '300'; }")
        page.mouse.click(3, 3)
        expect(cover).to_be_visible()
        expect(cover).to_contain_text("王老师")
        assert page.evaluate(SEEN_IN_THE_MIDDLE)
        cover.evaluate("(each) => { each.dataset.after = '180000'; }")
        cover.get_by_role("button", name="重新显示").click()
        expect(cover).to_be_hidden()
    page.locator(f"#c{scene.child.id}").get_by_role("link", name="交接").click()
    expect(page.get_by_role("button", name="李桂兰").first).to_be_visible()


def test_what_can_be_taken_back_no_more_stands_and_is_said(open_page: OpenPage, scene: Scene) -> None:
    nonce, long_ago = str(uuid.uuid4()), clock.now() - timedelta(minutes=20)
    scene.arrive(now=long_ago, sent=Sent(nonce=nonce))
    page = at_the_door(open_page, scene)
    undo = kept(page, scene, {"act": "undo", "undoes": nonce})
    page.evaluate(PUT, undo)
    expect(page.locator("html[data-outbox='1']")).to_be_attached()
    again(page)
    expect(page.locator("[data-late]")).to_contain_text(scene.child.name, timeout=PATIENCE)
    expect(page.locator("html[data-outbox='0']")).to_be_attached()
    assert holder(scene.child) is Holder.ROOM


def test_pressing_quickly_wins_no_try(open_page: OpenPage, scene: Scene) -> None:
    scene.code()
    scene.arrive()
    page = at_the_door(open_page, scene)
    page.locator(f"#c{scene.child.id}").get_by_role("link", name="交接").click()
    page.get_by_label("当天接送码").fill("XXXXXX")
    page.get_by_role("button", name="李桂兰").evaluate("button => { for (let i = 0; i < 6; i += 1) button.click(); }")
    expect(page.locator("[data-code-said]")).to_contain_text("第二名", timeout=PATIENCE)
    tries = "async (db) => db.get('meta', (await db.getAllKeys('meta')).find((key) => key.startsWith('tries-')))"
    page.wait_for_timeout(2_000)
    assert in_store(page, tries) == 3


def test_at_six_with_three_children_here_and_no_network_the_phone_itself_says_who_is_to_be_rung(
    open_page: OpenPage, scene: Scene
) -> None:
    names = ["小明", "小红", "小刚"]
    others = [enrol(scene.enrolment.term, make_child(scene.mother, name=name)).child for name in names[1:]]
    for each in (scene.child, *others):
        scene.arrive(each)
    page = at_the_door(open_page, scene)
    page.clock.install()
    page.add_init_script("window.shakes = 0; navigator.vibrate = () => { window.shakes += 1; };")
    page.reload()
    expect(page.locator(OFFLINE)).to_be_attached(timeout=PATIENCE)
    late = page.locator("[data-overdue]")
    expect(late).to_be_hidden()
    page.clock.fast_forward("09:30:00")
    expect(late.get_by_role("listitem")).to_have_count(3)
    assert page.evaluate("window.shakes") == 1
    assert_good(page)
    page.clock.fast_forward("05:00:00")  # nothing ends by time
    expect(late.get_by_role("listitem")).to_have_count(3)
    assert page.evaluate("window.shakes") == 1
    cover = page.locator("[data-cover]")
    expect(cover.get_by_text("有警报等待答复")).to_be_visible()
    cover.get_by_role("button", name="重新显示").click()
    late.get_by_role("link", name="小明").click()
    expect(page.get_by_text(f"妈妈 {scene.mother.phone}")).to_be_visible()  # to be rung at once
    page.get_by_label("李老师").check()
    page.get_by_role("button", name="李桂兰").click()
    expect(late.get_by_role("listitem")).to_have_count(2)
    assert_good(page)


def test_of_two_terms_of_a_date_both_lists_are_kept_and_nothing_is_lost(open_page: OpenPage, scene: Scene) -> None:
    other, term = make_child(name="小红"), term_from_today()
    for child in (other, scene.child):  # one child is in both
        enrol(term, child)
    day_id, name = term.days[0].id, term.name
    make_duty(term.days[0], scene.tutor)
    page = at_the_door(open_page, scene)
    terms = page.get_by_role("navigation", name="当天的学期")
    page.locator(f"#c{scene.child.id}").get_by_role("button", name="到场").click()
    expect(page.locator(f"#c{scene.child.id}")).to_contain_text("未上传")
    expect(page.locator(f"#c{other.id}")).to_have_count(0)
    terms.get_by_role("link", name=name).click()
    expect(terms.get_by_role("link", name=name)).to_have_attribute("aria-current", "page")
    expect(page.get_by_role("heading", name="今天在另一学期")).to_be_visible()
    assert_good(page)
    page.locator(f"#c{other.id}").get_by_role("button", name="到场").click()
    page.locator(f"#c{scene.child.id}").get_by_role("button", name="到场").click()
    expect(page.locator("[data-count-here]")).to_have_text("2")
    page.reload()  # the list that was looked at is looked at again
    expect(page.locator(OFFLINE)).to_be_attached(timeout=PATIENCE)
    expect(page.locator("[data-count-here]")).to_have_text("2")
    again(page)
    expect(page.locator("html[data-outbox='0']")).to_be_attached(timeout=PATIENCE)
    first, second = events(scene)
    assert [first.day_id, second.day_id] == [scene.day.id, day_id]
    assert {holder(scene.child), holder(other)} == {Holder.ROOM}
