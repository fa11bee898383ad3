"""The answers to a poll for a date: by a member, by a link, or entered by whoever leads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask import request

from center.troupes.models.troupes import TroupeMember
from center.troupes.rehearsals import polls
from center.troupes.rehearsals.poll_models import DatePoll, PollAnswer, PollOption, Vote
from center.web.forms import BaseForm
from center.web.troupes.rehearsal_words import WORDS, Words


class VotesForm(BaseForm):
    """Yes, perhaps or no to each of the times; what is not said stays open."""

    def votes_to(self, poll: DatePoll) -> dict[int, Vote]:
        """What was said to each time."""
        known = {each.value for each in Vote}
        said = {each.id: request.form.get(name_of(each), "") for each in poll.options}
        return {option_id: Vote(value) for option_id, value in said.items() if value in known}


@dataclass(frozen=True, kw_only=True)
class AnswerPage:
    """A poll as one member answers it."""

    poll: DatePoll
    member: TroupeMember
    form: VotesForm
    said: Mapping[int, str]  # by the id of the time
    is_open: bool
    action_back: str = ""
    short_name: str = ""  # for a page that anybody with the link may open
    words: Words = field(default_factory=lambda: WORDS)


def answer_page(
    poll: DatePoll, member: TroupeMember, form: VotesForm, *, now: datetime, action_back: str = "", short_name: str = ""
) -> AnswerPage:
    """The page of a poll with what a member says to it, or said before."""
    return AnswerPage(
        poll=poll,
        member=member,
        form=form,
        said=said_by(member, poll, polls.answers_of(poll)),
        is_open=poll.is_open_at(now),
        action_back=action_back,
        short_name=short_name,
    )


def name_of(option: PollOption) -> str:
    """What the field about a time is called."""
    return f"option-{option.id}"


def said_by(member: TroupeMember, poll: DatePoll, answers: Sequence[PollAnswer]) -> dict[int, str]:
    """What stands in the form: what was just sent, else what the member said before."""
    before = {each.option_id: each.vote.value for each in answers if each.member_id == member.id}
    if request.method != "POST":
        return before
    return {each.id: request.form.get(name_of(each), before.get(each.id, "")) for each in poll.options}
