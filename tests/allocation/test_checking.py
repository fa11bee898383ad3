"""A published result is worked out anew from its figures: whatever is altered in them is found, and nothing changed."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from center.allocation.models import AllocationRound, RoundState
from center.allocation.publishing import deciding
from center.allocation.publishing.checking import complaints_about, figures
from center.allocation.publishing.explaining import result_of
from center.commands.results import NothingPublished, verify
from center.kernel import clock
from center.kernel.db import db, transaction
from tests.allocation.builders import make_round, make_wish, publish, team, times_in, work_out
from tests.builders import make_person, make_room
from tests.engines import ONE_ENGINE

pytestmark = pytest.mark.usefixtures("monday")


def published() -> AllocationRound:
    """A round of two times for which three wish; staff gave one of them to somebody else."""
    found = make_round(make_room(), make_room())
    one, other = times_in(found)
    wishes = [make_wish(found, team(), one, other) for _n in range(3)]
    work_out(found)
    given, by = result_of(found).given, make_person()
    lost = next(each for each in wishes if each.reference not in given)
    has = next(each for each in wishes if given.get(each.reference) == other.id)
    with transaction():
        deciding.adjust(has, None, reason="他们改到广场", by=by, now=clock.now())
        deciding.adjust(lost, other, reason="他们改到广场", by=by, now=clock.now())
    publish(found)
    return found


@ONE_ENGINE
def test_what_was_published_follows_from_its_figures_and_an_altered_one_does_not(tmp_path: Path) -> None:
    found = published()
    known = json.loads(json.dumps(figures(result_of(found))))
    assert complaints_about(known) == []
    said, complaints = verify(found.slug)
    assert complaints == []
    assert known["seed"] in said
    file = tmp_path / "spring.json"
    for altered in _altered(known):
        assert complaints_about(altered), altered
        file.write_text(json.dumps(altered))
        assert verify(str(file))[1]
    file.write_text(json.dumps(known))
    assert verify(str(file))[1] == []
    db.session.rollback()
    assert db.session.get_one(AllocationRound, found.id).state is RoundState.PUBLISHED


@ONE_ENGINE
def test_before_it_is_published_nobody_is_told_its_seed(tmp_path: Path) -> None:
    make_round(make_room())
    for wrong in ("spring", "autumn", str(tmp_path / "none.json")):
        with pytest.raises(NothingPublished):
            verify(wrong)
    for content in ("[]", "{}", "{", '{"seed": "1", "weights": 3}'):
        (tmp_path / "bad.json").write_text(content)
        with pytest.raises(NothingPublished):
            verify(str(tmp_path / "bad.json"))


def _altered(known: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for what in ("seed", "points", "shares", "lot", "order", "result", "adjustments"):
        other = copy.deepcopy(known)
        wish = other["wishes"][0]
        if what == "seed":
            other["seed"] = "0" * 32
        elif what in {"points", "shares"}:
            choice = wish["choices"][0]
            choice[what] = choice["points"] + 1 if what == "points" else dict.fromkeys(choice["shares"], 0)
        elif what == "lot":
            wish["lot"] = "0" * 64
        elif what == "order":
            for each in other["wishes"]:
                each["order"] = 1 if each["wish"] not in other["result"] else 2
        elif what == "result":
            other["result"].popitem()
        else:
            other["adjustments"] = []
        yield other
