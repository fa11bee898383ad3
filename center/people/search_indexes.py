"""What the desk's search reads ranges of: indexes of people in the order in which it lists them.

Numbers and letters are written out, since an index is used only for the very same words. A migration that makes the
table of people anew on SQLite makes these anew as well: tests/people/test_search_plans.py misses them.
"""

from sqlalchemy import ColumnElement, Index, func, literal_column

from center.people.models import Person

_LETTER: ColumnElement[str] = literal_column("'abcdefghijklmnopqrstuvwxyz'")
_BLANK: ColumnElement[str] = literal_column("' '")
_NOTHING: ColumnElement[str] = literal_column("''")
_TWO: ColumnElement[int] = literal_column("2")
_THREE: ColumnElement[int] = literal_column("3")
_rest = func.ltrim(Person.sort_key, _LETTER)

letters = func.replace(Person.sort_key, _BLANK, _NOTHING)  # "lixiuying"
after_first_syllable = func.replace(_rest, _BLANK, _NOTHING)  # "xiuying"
after_second_syllable = func.replace(func.ltrim(func.ltrim(_rest, _BLANK), _LETTER), _BLANK, _NOTHING)  # "ying"
after_first = func.substr(Person.plain_name, _TWO)
after_second = func.substr(Person.plain_name, _THREE)
last_three = func.substr(Person.phone_tail, _TWO)
is_long_name = func.length(Person.plain_name) > _THREE  # the few that are looked through

_BY_NAME = (Person.sort_key, Person.id)
Index("ix_people_door", Person.building_id, Person.unit, Person.door, *_BY_NAME)
Index("ix_people_building_door", Person.building_id, Person.door, *_BY_NAME)
Index("ix_people_phone", Person.phone, *_BY_NAME)
Index("ix_people_phone_tail", Person.phone_tail, *_BY_NAME, Person.phone)
Index("ix_people_last_three", last_three, *_BY_NAME)
Index("ix_people_plain_name", Person.plain_name, *_BY_NAME, Person.initials)
Index("ix_people_after_first", after_first, *_BY_NAME, Person.plain_name, Person.initials)
Index("ix_people_after_second", after_second, *_BY_NAME, Person.plain_name, Person.initials)
Index("ix_people_long_name", Person.plain_name, *_BY_NAME, sqlite_where=is_long_name, postgresql_where=is_long_name)
Index("ix_people_initials", Person.initials, *_BY_NAME)
Index("ix_people_letters", letters, *_BY_NAME, Person.plain_name)
Index("ix_people_after_first_syllable", after_first_syllable, *_BY_NAME)
Index("ix_people_after_second_syllable", after_second_syllable, *_BY_NAME)
