"""A slow test says why, or is named."""

import pytest

from tests import slowness

pytest_plugins = ["pytester"]
TESTS = """
    import time

    import pytest

    def work():
        until = time.process_time() + 0.1
        while time.process_time() < until:
            pass

    def test_without_a_reason():
        work()

    @pytest.mark.slow("it proves a great deal")
    def test_with_a_reason():
        work()

    @pytest.mark.slow("")
    def test_with_an_empty_reason():
        work()

    def test_that_is_quick():
        pass
"""


def test_a_slow_test_without_a_reason_is_named_and_fails_nothing(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytester.makepyfile(TESTS)
    with monkeypatch.context() as patch:
        patch.setattr(slowness, "MOST", 0.05)
        result = pytester.runpytest_inprocess("--strict-markers", plugins=[slowness])
    result.assert_outcomes(passed=4)
    named = [line.partition("::")[2] for line in result.outlines if "of processor time" in line]
    assert sorted(named) == ["test_with_an_empty_reason", "test_without_a_reason"]
