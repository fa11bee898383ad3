"""Camera, scanner and keyboard in a real browser, on the page where they are practised: first what goes wrong."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import segno
from playwright.sync_api import Browser, Page, expect

from center.attendance.answers import Answer
from center.people.models import Account, Role
from tests.attendance.code_cases import CARD, CARDS, HOSTS, MISREAD, SLIP, SLIPS, UNKNOWN
from tests.browser import find_browser
from tests.builders import make_account, make_person
from tests.journeys.checks import assert_good
from tests.journeys.conftest import OpenPage, opener
from tests.journeys.steps import FILES
from tests.pictures import picture
from tests.servers import Site
from tests.there import there

PRACTICE = "QH1:PRACTICEPRACTICEPRACTICEPR"
MODULE = "const { readCode } = await import('FILES/js/checkin/codes.js');".replace("FILES", FILES)
WITHOUT_HTTPS = "Object.defineProperty(window, 'isSecureContext', { get: () => false });"
REFUSED = "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));"
BUSY = "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('in use', 'NotReadableError'));"
TORCH = """
  window.asked = [];
  MediaStreamTrack.prototype.getCapabilities = () => ({ torch: true });
  MediaStreamTrack.prototype.applyConstraints = async wish => { window.asked.push(wish.advanced[0].torch); };
"""
OTHER_FIELD = """() => {
  const field = document.createElement('input');
  field.id = 'other';
  document.querySelector('main').append(field);
  field.focus();
}"""
FAILING = """async formats => {
  const { makeDecoder } = await import('FILES/js/checkin/decoder.js');
  class Native {
    static async getSupportedFormats() { return formats; }
    async detect() { throw Error('cannot'); }
  }
  const decoder = await makeDecoder({ Native });
  const first = decoder.kind;
  const picture = document.createElement('canvas');
  picture.width = picture.height = 40;
  for (let turn = 0; turn < 3; turn += 1) await decoder.read(picture);
  const last = decoder.kind;
  decoder.close();
  return [first, last];
}""".replace("FILES", FILES)
HIDE = """isHidden => {
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => isHidden });
  document.dispatchEvent(new Event('visibilitychange'));
}"""


@pytest.fixture
def clerk(site: Site) -> Account:
    """Somebody at the desk."""
    return make_account(make_person(name="何窗口"), roles=[Role.CLERK])


class Scanner:
    """A scanner that types: keys with moments of their own, however busy the machine is on which this runs."""

    def __init__(self, page: Page) -> None:
        self._browser, self._at = page.context.new_cdp_session(page), time.time()

    def scan(self, code: str, *, pause_ms: int = 8, suffix: str = "Enter", is_composing: bool = False) -> None:
        """Type a code, one key after the other, and what ends it; while an input method takes its keys, or not."""
        for letter in code:
            self._press(letter, pause_ms, is_composing=is_composing)
        self._press(suffix, pause_ms, is_composing=is_composing)

    def _press(self, key: str, pause_ms: int, *, is_composing: bool = False) -> None:
        self._at += pause_ms / 1000
        event: dict[str, Any] = {"key": key, "timestamp": self._at}
        if is_composing:  # what a Chinese input method lets a page see
            event |= {"key": "Process", "windowsVirtualKeyCode": 229, **_physical(key)}
        elif len(key) == 1:
            event |= {"text": key}
        else:
            event |= {"code": key, "windowsVirtualKeyCode": {"Enter": 13, "Tab": 9}[key]}
            event |= {"text": "\r"} if key == "Enter" else {}
        self._browser.send("Input.dispatchKeyEvent", {"type": "keyDown" if "text" in event else "rawKeyDown", **event})
        self._browser.send("Input.dispatchKeyEvent", {"type": "keyUp", **event | {"text": ""}})


def _physical(key: str) -> dict[str, Any]:
    if len(key) > 1:
        return {"code": key}
    if key == ":":
        return {"code": "Semicolon", "modifiers": 8}
    if key == "-":
        return {"code": "Minus"}
    return {"code": f"Digit{key}" if key.isdigit() else f"Key{key.upper()}"}


def answer(page: Page) -> Any:
    """The sign that is shown now."""
    return page.locator("[data-verdict-place] .verdict")


def open_practice(open_page: OpenPage, account: Account, **options: Any) -> Page:
    page = open_page("/checkin/practice", account=account, lang="en", **options)
    expect(page.locator("[data-reader]")).to_be_visible()
    return page


def test_a_browser_reads_codes_as_the_server_does(open_page: OpenPage) -> None:
    page = open_page("/healthz")
    page.goto("/sign-in")
    given = {"unknown": UNKNOWN.values(), "card": CARDS.values(), "sign_up": SLIPS.values()}
    texts = {
        kind: [text for text in each if text.isprintable() or "\ud800" not in text] for kind, each in given.items()
    }
    read = page.evaluate(
        "async ([texts, hosts]) => {" + MODULE + "return Object.fromEntries(Object.entries(texts).map("
        "([kind, each]) => [kind, each.map(text => readCode(text, hosts))])); }",
        [texts, HOSTS],
    )
    assert read["unknown"] == [{"kind": "unknown"}] * len(texts["unknown"])
    assert read["card"] == [{"kind": "card", "code": CARD}] * len(texts["card"])
    assert read["sign_up"] == [{"kind": "sign_up", "reference": SLIP}] * len(texts["sign_up"])
    script = "async typed => {" + MODULE + "return typed.map(text => readCode(text).code); }"
    assert page.evaluate(script, list(MISREAD)) == list(MISREAD.values())
    assert page.evaluate("async () => {" + MODULE + "return readCode('K7QM-2F9\\ud800').kind; }") == "unknown"


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ("", "has no camera that can be used. Type the code"),
        (BUSY, "Close it and start the camera again. Codes can be typed"),
        (REFUSED, "allow the camera, and start it again. Meanwhile read a photo"),
        (WITHOUT_HTTPS, "begins with https. Read a photo of the code, type it"),
    ],
    ids=["absent", "busy", "refused", "without https"],
)
def test_a_camera_that_cannot_be_used_is_said_with_what_to_do(
    open_page: OpenPage, clerk: Account, before: str, words: str
) -> None:
    page = open_practice(open_page, clerk, permissions=["camera"])
    page.add_init_script(before)
    page.reload()
    start = page.get_by_role("button", name="Start the camera")
    if before == WITHOUT_HTTPS:
        expect(start).to_be_hidden()
    else:
        start.click()
        expect(start).to_be_visible()
    expect(page.locator("[data-reader-said]")).to_contain_text(words)
    page.get_by_label("Card or number").fill("k7qm2f9d")
    page.get_by_role("button", name="Try this code").click()
    expect(answer(page)).to_contain_text("The number of a sign-up")


def test_a_scanner_takes_nothing_from_whoever_types_elsewhere(open_page: OpenPage, clerk: Account) -> None:
    page = open_practice(open_page, clerk)
    page.evaluate(OTHER_FIELD)
    Scanner(page).scan(PRACTICE)
    expect(page.locator("#other")).to_have_value(PRACTICE)
    expect(answer(page)).to_have_count(0)


def test_whoever_types_slowly_is_no_scanner(open_page: OpenPage, clerk: Account) -> None:
    page = open_practice(open_page, clerk)
    Scanner(page).scan("K7QM-2F9D", pause_ms=180)
    expect(answer(page)).to_have_count(0)
    page.get_by_label("Card or number").focus()
    Scanner(page).scan("k7qm-2f9d", pause_ms=180)
    expect(answer(page)).to_contain_text("Typed by hand")


@pytest.mark.parametrize("is_composing", [False, True], ids=["plain", "a Chinese input method is on"])
@pytest.mark.parametrize("suffix", ["Enter", "Tab"])
def test_a_scanner_is_heard_wherever_the_focus_is(
    open_page: OpenPage, clerk: Account, suffix: str, is_composing: bool
) -> None:
    page = open_practice(open_page, clerk)
    scanner, field = Scanner(page), page.get_by_label("Card or number")
    mute = page.get_by_role("button", name="Without sound")
    for focused in (field, mute, None):
        page.evaluate("document.activeElement.blur()")
        page.evaluate("document.querySelector('[data-verdict-place]').replaceChildren()")
        if focused is not None:
            focused.focus()
        scanner.scan(PRACTICE, suffix=suffix, is_composing=is_composing)
        expect(answer(page)).to_contain_text("The practice card")
        expect(answer(page)).to_contain_text("Read by the scanner")
        expect(field).to_have_value("")
        assert mute.get_attribute("aria-pressed") == "false", "the scanner's Enter pressed the button"
        assert page.url.endswith("/checkin/practice")


@pytest.mark.parametrize("takes_ms", [0, 900], ids=["at once", "on a slow tablet"])
def test_what_an_input_method_made_of_a_scan_is_not_left_behind(
    open_page: OpenPage, clerk: Account, takes_ms: int
) -> None:
    page = open_practice(open_page, clerk)
    field, browser = page.get_by_label("Card or number"), page.context.new_cdp_session(page)
    field.focus()
    browser.send("Input.imeSetComposition", {"text": "k七秦", "selectionStart": 3, "selectionEnd": 3})
    Scanner(page).scan("K7QM-2F9D", is_composing=True)
    expect(answer(page)).to_contain_text("The number of a sign-up")
    page.wait_for_timeout(takes_ms)
    browser.send("Input.insertText", {"text": "氪七秦"})  # its Enter takes on what was composed
    expect(field).to_have_value("")
    page.wait_for_timeout(400)
    page.keyboard.insert_text("氪")  # and then somebody writes
    expect(field).to_have_value("氪")


def test_what_is_typed_full_width_and_pasted_is_read(open_page: OpenPage, clerk: Account) -> None:
    page = open_practice(open_page, clerk)
    page.get_by_label("Card or number").fill("ｋ７ｑｍ－２ｆ９ｄ")
    page.get_by_label("Card or number").press("Enter")
    expect(answer(page)).to_contain_text("The number of a sign-up")
    page.get_by_label("Card or number").fill("https://evil.example/sign-ups/K7QM-2F9D")
    page.get_by_label("Card or number").press("Enter")
    expect(answer(page)).to_have_attribute("data-answer", "unknown")
    expect(page.locator("[data-verdict-place]")).to_have_attribute("role", "alert")


def test_without_javascript_codes_are_typed(open_page: OpenPage, clerk: Account) -> None:
    page = open_page("/checkin/practice", account=clerk, lang="en", java_script_enabled=False)
    expect(page.locator("[data-reader]")).to_be_hidden()
    expect(page.get_by_role("button", name="Without sound")).to_be_hidden()
    page.get_by_label("Card or number").fill(PRACTICE.lower())
    page.get_by_label("Card or number").press("Enter")
    expect(answer(page)).to_contain_text("The practice card")
    expect(page).to_have_title("Checked in · Practise scanning · Community activity centre")
    expect(page.get_by_label("Card or number")).to_be_focused()


def test_the_sound_stays_off_on_this_device(open_page: OpenPage, clerk: Account) -> None:
    page = open_practice(open_page, clerk)
    page.get_by_role("button", name="Without sound").click()
    page.reload()
    expect(page.get_by_role("button", name="Without sound")).to_have_attribute("aria-pressed", "true")


@pytest.fixture
def before_a_card(browser: Browser, site: Site, tmp_path: Path) -> Iterator[OpenPage]:
    """Open pages in a browser whose camera sees the practice card."""
    film = tmp_path / "card.y4m"
    film.write_bytes(_film(PRACTICE))
    camera = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    seeing = browser.browser_type.launch(
        executable_path=there(find_browser()).path,
        args=["--no-sandbox", *camera, f"--use-file-for-fake-video-capture={film}"],
    )
    yield from opener(seeing, site)
    seeing.close()


def _film(text: str, width: int = 640, height: int = 480) -> bytes:
    """Two pictures of a card, as a camera gives them: light grey with a square code in the middle."""
    code = [list(row) for row in segno.make(text, error="m").matrix_iter(scale=8, border=4)]
    top, left = (height - len(code)) // 2, (width - len(code[0])) // 2
    light = [bytearray(b"\xc8" * width) for _row in range(height)]
    for y, row in enumerate(code, top):
        light[y][left : left + len(row)] = bytes(0x18 if dark else 0xEB for dark in row)
    picture = b"FRAME\n" + b"".join(light) + b"\x80" * (width * height // 2)
    return f"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420jpeg\n".encode() + picture * 2


def test_a_photo_of_a_card_is_read_without_https_too(open_page: OpenPage, clerk: Account, tmp_path: Path) -> None:
    page = open_practice(open_page, clerk)
    page.add_init_script(WITHOUT_HTTPS)
    page.reload()
    card, nothing = tmp_path / "card.png", tmp_path / "nothing.png"
    segno.make(PRACTICE).save(str(card), scale=4, border=30)
    nothing.write_bytes(picture(kind="PNG"))
    for file, said in ((nothing, "no code to be read"), (Path(__file__), "no code to be read"), (card, "")):
        page.locator("[data-reader-photo-said]").evaluate("place => { place.textContent = 'what was said before'; }")
        with page.expect_file_chooser() as chosen:
            page.get_by_role("button", name="Read a photo").click()
        chosen.value.set_files(file)
        expect(page.locator("[data-reader-photo-said]")).to_have_text(re.compile(said or "^$"))
    expect(answer(page)).to_contain_text("The practice card")


def test_two_cards_side_by_side_are_two_codes_however_long_they_lie_there(open_page: OpenPage) -> None:
    page = open_page("/sign-in")
    script = """async shown => {
      const { Reader } = await import('FILES/js/checkin/reader.js');
      const told = [], reader = { seen: new Map(), onCode: text => told.push(text) };
      for (const [text, at] of shown) Reader.prototype.found.call(reader, text, at);
      return told.join('');
    }""".replace("FILES", FILES)
    still = [("AB"[turn % 2], turn * 500) for turn in range(20)]
    assert page.evaluate(script, still) == "AB"
    assert page.evaluate(script, [*still, ("A", 12_600)]) == "ABA", "a card that was taken away and comes again counts"


def test_every_answer_has_its_sound_and_shake_and_none_where_it_is_muted(open_page: OpenPage, clerk: Account) -> None:
    page = open_practice(open_page, clerk)
    page.evaluate("() => { window.shakes = []; navigator.vibrate = pattern => window.shakes.push(pattern.join(' ')); }")
    script = """async () => {
      const { show } = await import('FILES/js/checkin/verdict.js');
      const place = document.querySelector('[data-verdict-place]');
      return [...document.querySelectorAll('template[data-verdict]')].map(each =>
        [show(place, { answer: each.dataset.verdict, name: '王*英' }).dataset.sound, window.shakes.at(-1)]);
    }""".replace("FILES", FILES)
    sounds = page.evaluate(script)
    assert len(sounds) == len(Answer)
    assert {sound for sound, _shake in sounds} == {"ok", "already", "ask", "refused", "stored"}
    assert len({shake for _sound, shake in sounds}) == 5
    expect(answer(page)).to_contain_text("王*英")
    page.get_by_role("button", name="Without sound").click()
    page.evaluate("window.shakes = []")
    page.evaluate(script)
    assert page.evaluate("window.shakes") == []


def test_the_camera_reads_a_card_once_and_rests_while_nobody_looks(before_a_card: OpenPage, clerk: Account) -> None:
    page = open_practice(before_a_card, clerk)
    page.add_init_script(TORCH)
    page.reload()
    page.evaluate("""() => {
      window.shown = 0;
      new MutationObserver(() => { window.shown += 1; }).observe(
        document.querySelector('[data-verdict-place]'), { childList: true });
    }""")
    page.get_by_role("button", name="Start the camera").click()
    expect(answer(page)).to_contain_text("The practice card")
    expect(answer(page)).to_contain_text("Read by the camera")
    tracks = "document.querySelector('video').srcObject?.getTracks().map(track => track.readyState) ?? []"
    assert page.evaluate(tracks) == ["live"]
    page.wait_for_timeout(600)
    assert page.evaluate("window.shown") == 1, "a card that is held still is announced again and again"
    assert_good(page)
    page.evaluate("window.track = document.querySelector('video').srcObject.getTracks()[0]")
    page.evaluate(HIDE, True)
    assert page.evaluate("window.track.readyState") == "ended"
    expect(page.locator("[data-reader-said]")).to_contain_text("rests")
    page.evaluate(HIDE, False)
    expect(page.locator("[data-reader-said]")).to_contain_text("Hold the code")
    page.get_by_role("button", name="Light").click()
    expect(page.get_by_role("button", name="Light")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("window.asked") == [True]
    page.evaluate("document.querySelector('video').srcObject.getTracks()[0].dispatchEvent(new Event('ended'))")
    expect(page.locator("[data-reader-said]")).to_contain_text("went away")
    page.get_by_role("button", name="Start the camera").click()
    page.get_by_role("button", name="Switch the camera off").click()
    expect(page.get_by_role("button", name="Start the camera")).to_be_focused()
    assert page.evaluate(tracks) == []


@pytest.mark.parametrize(
    ("formats", "kind"), [(["ean_13"], "worker"), (["ean_13", "qr_code"], "browser")], ids=["none", "its own"]
)
def test_the_browsers_own_reader_is_used_where_it_knows_such_codes(
    open_page: OpenPage, clerk: Account, formats: list[str], kind: str
) -> None:
    page = open_practice(open_page, clerk)
    assert page.evaluate(FAILING, formats) == [kind, "worker"], "ours goes on where the browser's own fails"
