"""Whether members come: asked, answered by themselves, by a link or by a leader for them (代答). Never commits."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime

from flask import current_app
from itsdangerous import Signer
from sqlalchemy import select, update

from center.kernel.db import change_rows, db, lock
from center.kernel.errors import Conflict, NotFound, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.kernel.site import path_to
from center.notices import kinds
from center.notices.models import Notice
from center.people.models import Person
from center.troupes.models.troupes import MemberState, TroupeMember
from center.troupes.performances import messages, news, queries
from center.troupes.performances.holding import hold
from center.troupes.performances.models import AHEAD, Performance, ProgrammeItem
from center.troupes.performances.programme_now import programme_now
from center.troupes.performances.readiness import Answer
from center.troupes.performances.reply_models import Reply, ReplyLink, SaidBy, StageName

NOWHERE = _l("This link leads nowhere (any more). Please ask your leader for a new one.")


def ask(performance: Performance, until: date, *, again: bool = False, by: Person, now: datetime) -> int:
    """Ask all who have not answered whether they come, each in their own way; returns how many.

    A letter holds the link that answers without signing in. Who was asked before is asked again only if that is wanted.
    """
    _hold(performance, now)
    if not local_date(now) <= until <= performance.session.local_day:
        raise RuleBroken(_l("Please choose a day from today until the performance."), field="until")
    known = queries.replies_to(performance)
    missing = [each for each in _those_asked(performance) if each.id not in known]
    known_by = messages.asked_on(performance)
    missing = [each for each in missing if again or each.person_id not in known_by]
    performance.asked_at, performance.reply_until, performance.reminded_at = now, until, None
    db.session.flush()
    open_links(performance, missing, by=by, now=now)
    messages.ask(performance, missing, news.ASKED, by=by, now=now)
    return len(missing)


def answer(
    performance: Performance,
    member: TroupeMember,
    said: Answer,
    reason: str = "",
    *,
    how: SaidBy,
    by: Person | None,
    now: datetime,
) -> Reply:
    """Write down whether a member comes; what was said last counts. Those who lead hear of a piece that is short now.

    Raises Conflict once the performance has begun, is over or called off, and for who is not asked.
    """
    _hold(performance, now)
    _check_asked(performance, member)
    before = _short(performance)
    row = _reply(performance.id, member.id) or Reply(
        performance_id=performance.id, member_id=member.id, troupe_id=performance.troupe_id
    )
    row.answer, row.reason, row.how, row.at = said, reason.strip(), how, now
    row.by_id = None if how is SaidBy.LINK or by is None else by.id
    row.of_starts_at = performance.session.starts_at
    db.session.add(row)
    db.session.flush()
    if how is SaidBy.LEAD and by is not None and by.id != member.person_id:
        messages.tell_entered(performance, member, said, by=by, now=now)
    if said is Answer.NOT_COMING:
        newly = [item for item_id, item in _short(performance).items() if item_id not in before]
        if newly:
            messages.tell_short(performance, member, newly, by=by, now=now)
    return row


def ask_one(performance: Performance, member: TroupeMember, *, by: Person, now: datetime) -> None:
    """Ask one member again, by a new link. Raises RuleBroken before all were asked, Conflict for who is not asked."""
    _hold(performance, now)
    if performance.reply_until is None:
        raise RuleBroken(_l("Please say first until when members answer, and ask them all."), field="until")
    _check_asked(performance, member)
    revoke_links(performance, now=now, member_id=member.id)
    open_links(performance, [member], by=by, now=now)
    messages.ask(performance, [member], news.ASKED, by=by, now=now)


def make_link(performance: Performance, member: TroupeMember, *, by: Person, now: datetime) -> str:
    """A link that answers for one member until the performance begins; the one before it ends. Shown this once only."""
    _hold(performance, now)
    _check_asked(performance, member)
    revoke_links(performance, now=now, member_id=member.id)
    return _write_link(performance, member, by=by, now=now)


def open_links(performance: Performance, members: Iterable[TroupeMember], *, by: Person, now: datetime) -> None:
    """Let each of these members have a link that answers; one that they have is left as it is."""
    live = select(ReplyLink.member_id).where(ReplyLink.performance_id == performance.id, ReplyLink.revoked_at.is_(None))
    known = set(db.session.scalars(live))
    for each in members:
        if each.id not in known:
            _write_link(performance, each, by=by, now=now)


def letter_path(notice: Notice) -> str | None:
    """Where a letter about a performance leads: to the answer of whoever it is to, without signing in."""
    performance_id = notice.about.removeprefix("performance:")
    query = (
        select(ReplyLink)
        .join(TroupeMember, TroupeMember.id == ReplyLink.member_id)
        .where(TroupeMember.person_id == notice.person_id, ReplyLink.revoked_at.is_(None))
        .where(ReplyLink.performance_id == int(performance_id if performance_id.isdecimal() else 0))
    )
    link = db.session.scalar(query)
    if link is None or _digest(token := _token(link.performance_id, link.member_id, link.made_at)) != link.digest:
        return None  # it was made before links could be sent
    return path_to("troupes.reply", reply=token)


def revoke_links(performance: Performance, *, now: datetime, member_id: int | None = None) -> None:
    """End links: of one member, or all, since what they answered to is another thing now."""
    rows = update(ReplyLink).where(ReplyLink.performance_id == performance.id, ReplyLink.revoked_at.is_(None))
    if member_id is not None:
        rows = rows.where(ReplyLink.member_id == member_id)
    change_rows(rows.values(revoked_at=now))


def get_link(token: str, *, now: datetime) -> ReplyLink:
    """What a link answers for; raises NotFound for one that is made up, over, or of somebody not in the troupe."""
    link = db.session.scalar(select(ReplyLink).where(ReplyLink.digest == _digest(token)))
    if link is None or link.revoked_at is not None or link.ends_at <= now:
        raise NotFound(NOWHERE)
    if link.member.state is MemberState.LEFT or link.performance.state not in AHEAD:
        raise NotFound(NOWHERE)
    return link


def set_stage_name(member: TroupeMember, name: str, *, by: Person, now: datetime) -> None:
    """Agree to stand in public programmes under a name; an empty one takes that back: they are counted then."""
    lock(member)
    row = db.session.get(StageName, member.id)
    if not name.strip():
        if row is not None:
            db.session.delete(row)
    else:
        row = row or StageName(member_id=member.id)
        row.name, row.said_by_id, row.said_at = name.strip(), by.id, now
        db.session.add(row)
    db.session.flush()


def _hold(performance: Performance, now: datetime) -> None:
    hold(performance)
    if performance.state not in AHEAD or not performance.session.is_scheduled:
        raise Conflict(_l("This performance is over or called off."))
    if performance.session.starts_at <= now:
        raise Conflict(_l("This performance has begun. Please tell your leader directly."))


def _write_link(performance: Performance, member: TroupeMember, *, by: Person, now: datetime) -> str:
    token = _token(performance.id, member.id, now)
    link = ReplyLink(
        performance_id=performance.id,
        member_id=member.id,
        troupe_id=performance.troupe_id,
        digest=_digest(token),
        made_by_id=by.id,
        made_at=now,
        ends_at=performance.session.starts_at,
    )
    db.session.add(link)
    db.session.flush()
    return token


def _token(performance_id: int, member_id: int, made_at: datetime) -> str:
    """What stands in the address of a link: this site's own signature, so that it need not be kept to be sent."""
    signer = Signer(str(current_app.secret_key), salt="answer to a performance", digest_method=hashlib.sha256)
    return signer.get_signature(f"{performance_id}:{member_id}:{made_at.timestamp():.6f}").decode()


def _check_asked(performance: Performance, member: TroupeMember) -> None:
    if member.id not in {each.id for each in _those_asked(performance)}:
        raise Conflict(_l("%(name)s is not asked about this performance (any more).", name=member.person.name))


def _those_asked(performance: Performance) -> list[TroupeMember]:
    return [each for each in queries.asked_for(performance) if each.state is not MemberState.LEFT]


def _short(performance: Performance) -> dict[int, ProgrammeItem]:
    found = programme_now(performance, queries.newest_of(performance.id))
    return {each.id: each for each in found.short}


def _reply(performance_id: int, member_id: int) -> Reply | None:
    query = select(Reply).where(Reply.performance_id == performance_id, Reply.member_id == member_id)
    return db.session.scalar(query)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


for _kind in (news.ASKED, news.REMINDED, news.MOVED):
    kinds.letter_paths[_kind.code] = letter_path
