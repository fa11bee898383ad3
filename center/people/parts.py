"""How each part of the software says what its tables hold of a person, and what becomes of it when they are erased.

Every part lists its own tables in its `own_data`; `center.app.wiring` puts the lists together. A table that names a
person and is in no list fails a test.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, func, or_, select

from center.kernel.db import Base, db
from center.kernel.i18n import lazy_gettext as _l

AT, UNTIL, SINCE = _l("When"), _l("Until"), _l("From")
REASON, NOTE = _l("Reason"), _l("Note")


@dataclass(frozen=True, kw_only=True)
class Erasing:
    """What becomes of somebody's rows of a table when they are erased.

    They are deleted, or they stay: without what `empties` names, with the text that `keeps` names (None: all of it,
    since it is not the person's), and `why`. Where the database wants something in a column, `dashes` names it: a dash.
    """

    is_deleted: bool = False
    why: Any = ""
    empties: tuple[str, ...] = ()
    keeps: tuple[str, ...] | None = ()
    dashes: tuple[str, ...] = ()


GOES = Erasing(is_deleted=True)


def stays(
    why: Any, *, empties: tuple[str, ...] = (), keeps: tuple[str, ...] | None = (), dashes: tuple[str, ...] = ()
) -> Erasing:
    """The rows stay, since something else hangs on them; a number in them leads to an erased person."""
    return Erasing(why=why, empties=(*empties, *dashes), keeps=keeps, dashes=dashes)


@dataclass(frozen=True, kw_only=True)
class Part:
    """One table: which of its rows are somebody's, who else only acted in them, and what is not handed out.

    `mine` are the columns that say whose a row is; `through` leads to a row that is somebody's instead. `acted` are the
    columns of whoever did something: such a row is another's, so for them it is only counted. `says` are the columns
    that the page to read shows, and `words` what their codes mean; the file holds all but `withheld`. `erasing` says
    what becomes of the rows when the person is erased; where `unless` is filled, what was written is an organisation's
    and stays.
    """

    model: type[Base]
    title: Any
    mine: tuple[str, ...] = ()
    through: str = ""
    acted: tuple[str, ...] = ()
    named: tuple[str, ...] = ()  # people whom the one who asks knows, so that their names may stand there
    withheld: frozenset[str] = frozenset()
    says: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, Mapping[Any, Any]] = field(default_factory=dict)
    erasing: Erasing | None = None
    unless: str = ""

    @property
    def table(self) -> Table:
        """The table itself."""
        table = self.model.__table__
        assert isinstance(table, Table)
        return table


class Parts:
    """All of them together."""

    def __init__(self, parts: Iterable[Part]) -> None:
        self.all = tuple(parts)
        self._by_table = {part.table.name: part for part in self.all}

    @property
    def all_sorted(self) -> list[Part]:
        """Each after those that its rows hang on."""
        return [self._by_table[table.name] for table in Base.metadata.sorted_tables if table.name in self._by_table]

    def whose(self, part: Part, person_id: int, *, personal: bool = False) -> ColumnElement[bool] | None:
        """The condition under which a row is this person's; None where no row of that table is anybody's.

        `personal`: and not what they did for an organisation.
        """
        conditions: list[ColumnElement[bool]] = [part.table.c[name] == person_id for name in part.mine]
        if part.through:
            column = part.table.c[part.through]
            target = next(iter(column.foreign_keys)).column
            theirs = self.whose(self._by_table[target.table.name], person_id, personal=personal)
            assert theirs is not None
            conditions.append(column.in_(select(target).where(theirs)))
        if not conditions:
            return None
        found = or_(*conditions)
        return and_(found, part.table.c[part.unless].is_(None)) if personal and part.unless else found

    def acts(self, person_id: int) -> dict[str, int]:
        """In how many rows of others, by table and column, somebody is written down as whoever did something."""
        counted = {}
        for part in self.all:
            theirs = self.whose(part, person_id)
            for name in part.acted:
                query = select(func.count()).select_from(part.table).where(part.table.c[name] == person_id)
                query = query if theirs is None else query.where(~theirs)
                if number := db.session.scalar(query):
                    counted[f"{part.table.name}.{name}"] = number
        return counted
