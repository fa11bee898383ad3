"""What docs/security.md says is proved, by files that are there."""

import re

from center.kernel.config import ROOT


def test_every_file_that_the_security_page_names_is_there() -> None:
    page = (ROOT / "docs" / "security.md").read_text()
    named = set(re.findall(r"`((?:tests|center)/[\w/]+\.py|requirements\.lock)`", page))
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
    assert len(named) > 20


def test_every_chapter_of_the_standard_has_its_place() -> None:
    page = (ROOT / "docs" / "security.md").read_text()
    assert re.findall(r"^### V(\d+) ", page, re.MULTILINE) == [str(number) for number in range(1, 18)]
