"""Something of a troupe for every name that stands in an address."""

from typing import Any

from center.kernel import clock
from center.kernel.db import transaction
from center.organisations.models import Organisation
from center.people.models import Person
from center.troupes.members import offices
from center.troupes.models.troupes import MemberState
from center.troupes.performances import replies
from center.troupes.rehearsals.polls import link_for
from center.troupes.repertoire import files
from tests.troupes.builders import let_know, make_member, make_piece, make_season, make_troupe, part_of
from tests.troupes.performances.builders import make_performance
from tests.troupes.rehearsals.builders import make_poll, make_skipped

PDF = b"%PDF-1.4 one page"


def of_a_troupe(organisation: Organisation, member: Person) -> dict[str, Any]:
    """A troupe at the organisation's own address: with this member, a leader, who asks to join, a piece, a season."""
    troupe = make_troupe(organisation=organisation, slug=organisation.slug, parts=("高声部", "低声部"))
    inside = make_member(troupe, member, parts=["高声部"])
    leader = make_member(troupe, parts=["低声部"])
    make_member(troupe, state=MemberState.APPLIED, words="会唱")
    make_member(troupe, state=MemberState.RESTING)
    standing_in = make_member(troupe, parts=["低声部"])
    piece = make_piece(troupe, notes="慢")
    let_know(inside, piece)
    season = make_season(troupe, members=[inside, leader], pieces=[piece])
    performance = make_performance(troupe, season=season, pieces=[piece], cast={1: [inside]})
    with transaction():
        replies.ask(performance, performance.session.local_day, by=leader.person, now=clock.now())
        link = replies.make_link(performance, inside, by=leader.person, now=clock.now())
        sheet = offices.name_leader(troupe, leader, keys="鼓房钥匙", by=leader.person, now=clock.now())
        file = files.keep(piece, "谱子", PDF, by=leader.person, now=clock.now())
        deputy = offices.name_deputy(troupe, standing_in, by=leader.person, now=clock.now())
    rehearsal = make_skipped(season, leader.person)
    poll = make_poll(season, leader.person)
    return {
        "activity_kind_id": performance.session.activity.kind_id,
        "answer_link": link_for(poll, inside),
        "file_id": file.id,
        "handover_id": sheet.id,
        "member_id": inside.id,
        "office_id": deputy.id,
        "part_id": part_of(troupe).id,
        "performance_id": performance.id,
        "piece_id": piece.id,
        "position": 1,
        "reply": link,
        "option_id": poll.options[0].id,
        "poll_id": poll.id,
        "rehearsal_id": rehearsal.id,
        "season_id": season.id,
        "which": "resting",
    }
