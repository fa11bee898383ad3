"""The outbox: a feature tells somebody something, inside the transaction of the change that it tells of.

What was told is recorded with the change or not at all; `center worker` hands over what leaves the house afterwards.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import and_, bindparam, case, func, select
from sqlalchemy.dialects import postgresql, sqlite

from center.kernel.db import db
from center.kernel.i18n import addressing, centre, centre_zone, in_language, languages_on_offer
from center.kernel.logs import press_now
from center.kernel.transactions import write, written
from center.notices import kinds, message_texts, reaching
from center.notices.kinds import Kind, Words
from center.notices.models import (
    ContactPreference,
    Delivery,
    DeliveryState,
    Notice,
    NoticeTopic,
    OutgoingAddress,
    OwnWords,
    Purpose,
    Way,
)
from center.notices.reaching import Reach, reach_from, select_reach
from center.notices.reaching import forget as forget  # part of what features call here
from center.people.models import Account, Person


def tell(
    person: Person,
    kind: Kind,
    *,
    key: str,
    facts: Mapping[str, Any],
    now: datetime,
    path: str = "",
    about: str = "",
    also: Collection[str] = (),
    ends: Collection[str] = (),
    until: datetime | None = None,
    not_before: datetime | None = None,
    by: Person | None = None,
    is_first: bool = False,
) -> Notice | None:
    """Tell somebody something; None where this very thing (the same `key`) was told before.

    `facts` are what the kind's words need: values or callables that say them in the person's language. `about` names
    what it is about, `also` what else, where it tells of several people's things at once, and `ends` what is over with
    it: `reaching` says which calls about these that were not made yet are not made any more. From `until` on nobody
    needs to hear of it outside their inbox; `not_before` keeps it in the house for as long. Who did it themselves
    (`by`) has a receipt in their inbox, which is no news to them. `is_first`: nothing was told of it before.
    """
    reach, locale, is_elder, own = _how_to_reach(person, kind)
    words, row = _say(kind, person, facts, locale, is_elder, own)
    is_receipt = kind.is_asked_for and by is not None and by.id == person.id
    row |= {"path": path, "about": about, "read_at": now if is_receipt else None}
    notice = _record(kind, words, key=key, now=now, **row)
    if notice is None:
        return None
    topics = _note_topics(notice, also)
    older = [] if is_first else reaching.waiting(notice, kind, topics, ends=ends)
    is_known = kind.is_asked_for and (by is None or by.id == person.id)
    way = reaching.way_out_after(reach, kind, older, is_known=is_known, now=now)
    reaching.overtake(older, is_told=is_known or way is not None, now=now)
    if way:
        _send(notice, kind, way, address=_address(reach, way), now=max(now, not_before or now), until=until)
    db.session.flush()
    return notice


def _note_topics(notice: Notice, also: Collection[str]) -> dict[str, None]:
    """Everything that it is about, in order and once; none where it is about nothing."""
    topics = dict.fromkeys((notice.about, *also)) if notice.about else {}
    db.session.add_all(NoticeTopic(notice_id=notice.id, about=each) for each in topics if each != notice.about)
    return topics


def _address(reach: Reach, way: Way) -> str:
    return {Way.EMAIL: reach.email, Way.CALL: reach.phone}.get(way, "")


def tell_staff(
    kind: Kind,
    *,
    key: str,
    facts: Mapping[str, Any],
    now: datetime,
    path: str = "",
    about: str = "",
    until: datetime | None = None,
    groups: Sequence[OutgoingAddress] | None = None,
) -> Notice | None:
    """Tell all the staff's chat groups something, or these; None where there are none, or it was told before.

    Groups are outside the house: facts for them name no residents.
    """
    query = select(OutgoingAddress).where(OutgoingAddress.purpose == Purpose.GROUP, OutgoingAddress.is_on)
    groups = db.session.scalars(query.order_by(OutgoingAddress.id)).all() if groups is None else groups
    if not groups:
        return None
    locale = languages_on_offer()[0]
    with addressing(locale):
        words = kinds.say(kind, facts, message_texts.words_of(message_texts.find(kind.code, locale)))
    notice = _record(kind, words, key=key, person_id=None, locale=locale, path=path, about=about, now=now)
    if notice is not None:
        for group in groups:
            _send(notice, kind, Way.GROUP, address=group.name, outgoing=group, now=now, until=until)
        db.session.flush()
    return notice


def try_out(address: OutgoingAddress, *, to: str, by: Person, key: str, now: datetime) -> Notice | None:
    """Send a test message by this address: to the group behind it, or, where it takes e-mail, to `to`."""
    facts = {"centre": _centre_name, "by": by.name}
    if address.purpose is Purpose.GROUP:
        return tell_staff(kinds.TEST, key=key, facts=facts, now=now, groups=[address])
    kind, locale = kinds.TEST, languages_on_offer()[0]
    with addressing(locale):
        words = kinds.say(kind, facts)
    notice = _record(kind, words, key=key, person_id=by.id, locale=locale, read_at=now, now=now)
    if notice is not None:
        _send(notice, kind, Way.EMAIL, address=to, outgoing=address, now=now)
        db.session.flush()
    return notice


def ask_to_verify(person: Person, *, to: str, key: str, until: datetime, now: datetime) -> None:
    """Ask whoever reads `to` whether it is this person's. The letter alone holds the code, not the message."""
    kind = kinds.VERIFY
    _reach, locale, is_elder, own = _how_to_reach(person, kind)
    with addressing(locale, is_elder=is_elder):
        words = kinds.say(kind, {"centre": _centre_name}, own)
    notice = _record(kind, words, key=key, person_id=person.id, locale=locale, path="/me/contact", read_at=now, now=now)
    if notice is not None:
        _send(notice, kind, Way.EMAIL, address=to, now=now, until=until)
        db.session.flush()


def _how_to_reach(person: Person, kind: Kind) -> tuple[Reach, str, bool, Words | None]:
    """How to reach a person, in which language, whether they read in elder mode, and the centre's own words for this
    kind of news: one read.
    """
    asked = {"kind": kind.code, "person_id": person.id}
    row = db.session.connection().execute(_reach_and_words(tuple(languages_on_offer())), asked).one()
    elder_mode, locale, subject, body = row[4:]
    reach = reach_from(person, row)
    own = Words(subject, body) if subject is not None else None
    return reach, str(locale), bool(elder_mode), own


@cache
def _reach_and_words(languages: tuple[str, ...]) -> Any:
    """Made once for the languages on offer, since everything that is told asks it."""
    wished = func.coalesce(ContactPreference.locale, Account.locale)
    language = case((wished.in_(languages), wished), else_=languages[0])
    return (
        select_reach()
        .add_columns(Account.elder_mode, language, OwnWords.subject, OwnWords.body)
        .outerjoin(OwnWords, and_(OwnWords.kind == bindparam("kind"), OwnWords.language == language))
        .where(Person.id == bindparam("person_id"))
    )


def _say(
    kind: Kind, person: Person, facts: Mapping[str, Any], locale: str, is_elder: bool, own: Words | None
) -> tuple[Words, dict[str, Any]]:
    """The words in the person's language, and the row of who is told what in short."""
    said = {"name": person.name, **facts}
    with addressing(locale, is_elder=is_elder):
        words, gist = kinds.say(kind, said, own), kinds.gist_of(kind, said)
    return words, {"person_id": person.id, "locale": locale, "gist": gist}


def _record(
    kind: Kind,
    words: Words,
    *,
    key: str,
    person_id: int | None,
    locale: str,
    now: datetime,
    path: str = "",
    about: str = "",
    gist: str = "",
    read_at: datetime | None = None,
) -> Notice | None:
    """Write the notice down, unless one with its key is there; whoever writes the same key waits for the other."""
    values = {
        "key": key,
        "person_id": person_id,
        "kind": kind.code,
        "about": about,
        "locale": locale,
        "subject": words.subject,
        "body": words.body,
        "gist": gist,
        "path": path,
        "recorded_at": now,
        "read_at": read_at,
        "press": press_now(),
    }
    notice_id = write(_writing(db.session.get_bind().dialect.name), values).scalar_one_or_none()
    return written(Notice(id=notice_id, **values)) if notice_id is not None else None


@cache
def _writing(dialect: str) -> Any:
    """Made once for each engine."""
    row = (sqlite if dialect == "sqlite" else postgresql).insert(Notice.__table__)
    return row.on_conflict_do_nothing(index_elements=[Notice.key]).returning(Notice.id)


def _send(
    notice: Notice,
    kind: Kind,
    way: Way,
    *,
    address: str,
    now: datetime,
    until: datetime | None = None,
    outgoing: OutgoingAddress | None = None,
) -> None:
    db.session.add(
        Delivery(
            notice=notice,
            way=way,
            address=address,
            outgoing=outgoing,
            message_id=new_message_id(),
            state=DeliveryState.DUE,
            due_at=reaching.decent_time(now, zone=centre_zone(), is_asked_for=kind.is_asked_for or kind.at_any_hour),
            drop_at=until,
        )
    )


def new_message_id() -> str:
    """An id that no other message has; behind the @ stands this site's name, or one that cannot be anybody's."""
    return f"{uuid.uuid4()}@{urlsplit(current_app.extensions['settings'].site_url).hostname or 'center.invalid'}"


def _centre_name() -> str:
    return in_language(centre().name, centre().name_en)
