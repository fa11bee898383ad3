"""However many people there are, the desk's search reads no more of them than it shows."""

import re
from typing import Any

import pytest
from sqlalchemy import text

from center.kernel.db import db
from center.people import search
from center.people.models import Person
from tests.builders import make_building
from tests.engines import ONE_ENGINE
from tests.people.test_search import person
from tests.statements import selects

OWN = "ix_people_"
BY = {
    "3-301": {"building_door"},
    "3-2-301": {"door"},
    "3栋": {"door"},
    "3-2": {"building_door", "door"},
    "678": {"last_three"},
    "5678": {"phone_tail"},
    "86885678": {"phone", "phone_tail"},
    "19900005678": {"phone"},
    "李": {"plain_name", "after_first", "after_second", "long_name"},
    "李秀英": {"plain_name", "after_first", "after_second", "long_name"},
    "z": {"letters", "initials", "after_first_syllable", "after_second_syllable", "long_name"},
    "lixiuying": {"letters", "after_first_syllable", "after_second_syllable", "long_name"},
    "li xiu": {"letters", "after_first_syllable", "after_second_syllable", "long_name"},
    "王 5678": {"phone_tail"},
    "李 3-301": {"building_door"},
    "3栋 王": {"plain_name", "after_first", "after_second", "long_name"},
    "王 秀英": {"plain_name", "after_first", "after_second", "long_name"},
    "王 xy": {"plain_name", "after_first", "after_second", "long_name"},
}


@pytest.mark.parametrize("typed", BY)
def test_each_kind_is_read_from_an_index_in_its_order(app: object, typed: str) -> None:
    make_building(code="3栋")
    plan = plan_of(typed)
    if db.engine.dialect.name == "sqlite":  # of two that serve, PostgreSQL takes either while the table is empty
        assert indexes(plan) == {OWN + name for name in BY[typed]}
    assert indexes(plan)
    assert not whole(plan)
    assert not sorts(plan)


@pytest.mark.parametrize("index", sorted({name for names in BY.values() for name in names}))
@ONE_ENGINE
def test_without_its_index_a_search_would_be_noticed(app: object, index: str) -> None:
    """The negative control of the test above."""
    make_building(code="3栋")
    typed = next(typed for typed, names in BY.items() if index in names)
    with db.engine.begin() as connection:
        connection.execute(text(f"DROP INDEX {OWN}{index}"))
    plan = plan_of(typed)
    assert indexes(plan) != {OWN + name for name in BY[typed]} or whole(plan) or sorts(plan)


@pytest.mark.parametrize(
    "typed", ["李", "李秀英", "秀英", "lxy", "li", "xiuying", "5678", "678", "19900005678", "3-301"]
)
def test_no_more_rows_are_read_than_are_shown(app: object, typed: str) -> None:
    three = make_building(code="3栋")
    for _ in range(60):
        person("李秀英", phone="19900005678", building=three, unit="2", door="301")
    with selects() as sent:
        assert len(search.find_people(typed)) == search.MOST_RESULTS
    sql, values = next(each for each in sent if "nearness" in each[0])
    ranges = len(sql.split("UNION ALL"))
    rows = db.session.connection().exec_driver_sql(sql, values).all()
    assert search.MOST_RESULTS <= len(rows) <= search.MOST_RESULTS * ranges


def test_the_database_has_every_index_of_the_search(app: object) -> None:
    """Also those of expressions, which the comparison with the models cannot see on SQLite."""
    kept = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'people'",
        "postgresql": "SELECT indexname FROM pg_indexes WHERE tablename = 'people'",
    }[db.engine.dialect.name]
    there = set(db.session.execute(text(kept)).scalars())
    assert {str(each.name) for each in Person.metadata.tables["people"].indexes} <= there


def plan_of(typed: str) -> list[str]:
    """How the database looks for whom the search box means, a line a step."""
    with selects() as sent:
        search.find_people(typed)
    sql, values = next(each for each in sent if "nearness" in each[0])
    connection = db.session.connection()
    if db.engine.dialect.name == "sqlite":
        return [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)]
    for way in ("seqscan", "sort", "bitmapscan"):  # an empty table would be read in any way
        connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
    rows: Any = connection.exec_driver_sql(f"EXPLAIN (COSTS off) {sql}", values)
    return [row[0].strip() for row in rows]


def indexes(plan: list[str]) -> set[str]:
    """The indexes of people that it reads."""
    return set(re.findall(rf"{OWN}\w+", "\n".join(plan)))


def whole(plan: list[str]) -> list[str]:
    """Steps that read everybody: a scan of the table, or of an index from end to end but that of the few long names."""
    steps = [step for step in plan if re.search(r"(?<!Index )(?:SCAN|Seq Scan on) people\b", step)]
    return [step for step in steps if "ix_people_long_name" not in step]


def sorts(plan: list[str]) -> list[str]:
    """Steps that put in order what an index does not give in order."""
    return [step for step in plan if "TEMP B-TREE" in step or re.search(r"\bSort\b", step)]
