"""What code looks up in an application by name is kept in it: no type says so."""

import re

from flask import Flask

from center.kernel.config import ROOT
from tests.engines import ONE_ENGINE

LOOKED_UP = re.compile(r'extensions\["(\w+)"\]')


@ONE_ENGINE
def test_whatever_is_looked_up_in_an_application_is_kept_in_it(app: Flask) -> None:
    files = [file for folder in ("center", "bench", "tools") for file in (ROOT / folder).rglob("*.py")]
    asked = {name for file in files for name in LOOKED_UP.findall(file.read_text("utf-8"))}
    assert len(asked) > 3
    assert asked - set(app.extensions) == set()
