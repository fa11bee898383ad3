"""Several who put the same line of a register right at one moment."""

from concurrent.futures import ThreadPoolExecutor

from flask import Flask

from center.kernel import clock
from center.kernel.db import db
from tests.builders import at, sign_in
from tests.web.test_editing import fields_of
from tests.web.workspace.register.conftest import Lesson
from tests.web.workspace.register.test_closing_views import closed


def test_of_two_who_put_the_same_right_at_one_moment_one_is_shown_the_other(app: Flask, lesson: Lesson) -> None:
    second = closed(lesson).people[1]
    clock.start_at(at(12, days=0))
    address = f"{lesson.address}/register/people/{second.id}?lang=en"
    browsers = [app.test_client() for _ in range(3)]
    for browser in browsers:
        sign_in(browser, lesson.lead)
    opened = fields_of(browsers[0].get(address).text)
    db.session.rollback()

    def press(number: int) -> int:
        becomes = ("present", "late", "on_leave")[number]
        with app.app_context():
            return browsers[number].post(address, data={**opened, "becomes": becomes, "reason": "对错"}).status_code

    with ThreadPoolExecutor(len(browsers)) as threads:
        answers = list(threads.map(press, range(len(browsers))))
    assert sorted(answers) == [303, 409, 409]
