"""What the records say of a troupe's year, and the pack made from them."""

import io
import zipfile
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from center.activities.models import Session, SessionState
from center.kernel import clock
from center.kernel.db import db, transaction
from center.people.models import Person
from center.troupes.models.troupes import MemberState, Troupe
from center.troupes.models.works import Work
from center.troupes.models.yearly import Counted
from center.troupes.works import queries, selling
from center.troupes.yearly import pack, records, targets
from tests.activity_builders import make_activity
from tests.builders import at, make_person
from tests.engines import ONE_ENGINE
from tests.troupes.builders import make_member, make_season
from tests.troupes.lending_builders import make_day, make_studio, make_work

pytestmark = [ONE_ENGINE, pytest.mark.usefixtures("app")]
THEN = 30  # days from now: all of it is over by then


def year_of() -> tuple[Troupe, int]:
    """A studio with three dates of a season, of which one was called off, and a sale day with one work sold."""
    studio = make_studio()
    starts = [at(14, days=days) for days in (1, 2, 3)]
    activity = make_activity(starts=starts, minutes=90)
    make_season(studio, activity_id=activity.id)
    work = make_work(studio)
    make_day(studio, [work], starts_at=at(9))
    with transaction() as session:
        selling.sell(db.session.get_one(Work, work.id), by=work.maker, now=at(10))
        called_off = {"state": SessionState.CANCELLED, "cancelled_at": clock.now()}
        session.execute(update(Session).where(Session.id == activity.sessions[2].id).values(**called_off))
    for state in (MemberState.ACTIVE, MemberState.RESTING, MemberState.TRIAL, MemberState.APPLIED, MemberState.LEFT):
        make_member(studio, state=state)
    return studio, at(14).year


def test_only_what_took_place_counts_and_only_who_is_in_the_troupe() -> None:
    studio, year = year_of()
    now = at(14, days=1) + timedelta(days=THEN)
    if now.year != year or at(14, days=3).year != year:
        year = at(14, days=3).year
    record = records.record_of(studio, year, now=now)
    counts = {each.target.counted: each.count for each in record.progress}
    in_year = [days for days in (1, 2) if at(14, days=days).year == year]
    assert counts[Counted.ACTIVITIES] == len(in_year)
    assert counts[Counted.HOURS] == len(in_year) * 90 // 60
    assert counts[Counted.MEMBERS] == 3
    before = records.record_of(studio, year, now=clock.now())
    assert before.held == []
    assert before.sale_days == []


def test_the_pack_names_its_files_with_their_digests() -> None:
    studio, year = year_of()
    record = records.record_of(studio, year, now=at(14, days=1) + timedelta(days=THEN))
    totals = queries.totals(record.sale_days)
    pictures = records.photographs_in(studio, year, record.held)
    packed = pack.pack_of(record, totals, pictures)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        names = archive.namelist()
        assert names == [f"{studio.slug}-{year}.xlsx", "SHA256SUMS.txt"]
        book = load_workbook(io.BytesIO(archive.read(names[0])))
        assert names[0] in archive.read("SHA256SUMS.txt").decode()
    assert len(book.sheetnames) == 4


def test_the_director_sets_a_target_and_takes_it_back() -> None:
    director: Person = make_person()
    for least, source, expected in ((40, "青山区", {Counted.ACTIVITIES: (40, "青山区")}), (52, "", {})):
        with transaction():
            targets.set_target(Counted.ACTIVITIES, least, source=source, by=director)
        assert dict(records.targets_set()) == expected
