"""Agreements, seats, keys, reviews and cards, as they are read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from center.incubator.models.agreements import (
    Agreement,
    AgreementPaper,
    CapabilityCard,
    CardMoment,
    HandOverAct,
    KeyGiven,
    MidReview,
    Seat,
    SeatLetting,
)
from center.incubator.models.incubations import Incubation, IncubationDocument, IncubationStage
from center.kernel.db import db, must_find
from center.kernel.i18n import lazy_gettext as _l


@dataclass(frozen=True, kw_only=True)
class Term:
    """An agreement with what is let under it."""

    agreement: Agreement
    lettings: Sequence[SeatLetting]
    papers: Sequence[IncubationDocument] = ()  # on which it is signed, the latest version first

    @property
    def live(self) -> list[SeatLetting]:
        """What was not given back."""
        return [each for each in self.lettings if each.given_back_on is None]


def seats(*, with_retired: bool = False) -> Sequence[Seat]:
    """Seats, then lockers, by number."""
    query = select(Seat).order_by(Seat.kind.desc(), Seat.code)
    return db.session.scalars(query if with_retired else query.where(~Seat.is_retired)).all()


def get_seat(seat_id: int) -> Seat:
    """A seat or a locker; raises NotFound."""
    return must_find(db.session.get(Seat, seat_id), _l("There is no such seat or locker."))


def is_let(seat_id: int, *, since: date) -> bool:
    """Whether somebody has it on that day or later."""
    query = select(SeatLetting.id).where(
        SeatLetting.seat_id == seat_id, SeatLetting.ends_on >= since, SeatLetting.given_back_on.is_(None)
    )
    return db.session.scalar(query.limit(1)) is not None


def lettings_on(day: date) -> dict[int, SeatLetting]:
    """Who has which seat on a day, by the seat's id."""
    query = (
        select(SeatLetting)
        .where(SeatLetting.starts_on <= day, SeatLetting.ends_on >= day, SeatLetting.given_back_on.is_(None))
        .options(joinedload(SeatLetting.agreement).joinedload(Agreement.incubation).joinedload(Incubation.organisation))
    )
    return {each.seat_id: each for each in db.session.scalars(query.order_by(SeatLetting.id))}


def agreements_of(incubation_id: int) -> Sequence[Agreement]:
    """Every term of an organisation, the latest first."""
    query = select(Agreement).where(Agreement.incubation_id == incubation_id)
    query = query.options(joinedload(Agreement.entered_by), joinedload(Agreement.document))
    return db.session.scalars(query.order_by(Agreement.starts_on.desc())).all()


def latest_agreement(incubation_id: int) -> Agreement | None:
    """The last term of an organisation."""
    return next(iter(agreements_of(incubation_id)), None)


def terms_of(incubation_id: int) -> list[Term]:
    """The same with what is let."""
    found = agreements_of(incubation_id)
    let, signed = lettings_of([each.id for each in found]), _papers_of([each.id for each in found])
    return [
        Term(
            agreement=each,
            lettings=[letting for letting in let if letting.agreement_id == each.id],
            papers=signed.get(each.id, []),
        )
        for each in found
    ]


def terms_on(day: date) -> list[Term]:
    """The terms that count on a day, of all organisations in the house, by name."""
    query = (
        select(Agreement)
        .join(Agreement.incubation)
        .where(Agreement.starts_on <= day, Agreement.ends_on >= day)
        .where(Incubation.stage.not_in((IncubationStage.WITHDRAWN, IncubationStage.GRADUATED)))
        .options(joinedload(Agreement.incubation).joinedload(Incubation.organisation))
    )
    found = db.session.scalars(query).all()
    let = lettings_of([each.id for each in found])
    terms = [
        Term(agreement=each, lettings=[letting for letting in let if letting.agreement_id == each.id]) for each in found
    ]
    return sorted(terms, key=lambda each: (each.agreement.incubation.organisation.sort_key, each.agreement.id))


def get_agreement(incubation_id: int, agreement_id: int) -> Agreement:
    """A term of this organisation; raises NotFound."""
    query = select(Agreement).where(Agreement.id == agreement_id, Agreement.incubation_id == incubation_id)
    return must_find(db.session.scalar(query.options(joinedload(Agreement.incubation))), _l("There is no such term."))


def is_signed_on(document_id: int) -> bool:
    """Whether an agreement is signed on this paper."""
    query = select(AgreementPaper.agreement_id).where(AgreementPaper.document_id == document_id)
    return db.session.scalar(query.limit(1)) is not None


def _papers_of(agreement_ids: Collection[int]) -> dict[int, list[IncubationDocument]]:
    query = select(AgreementPaper).where(AgreementPaper.agreement_id.in_(sorted(agreement_ids)))
    query = query.join(AgreementPaper.document).options(joinedload(AgreementPaper.document))
    found: dict[int, list[IncubationDocument]] = {}
    for each in db.session.scalars(query.order_by(IncubationDocument.version.desc())):
        found.setdefault(each.agreement_id, []).append(each.document)
    return found


def lettings_of(agreement_ids: Collection[int]) -> Sequence[SeatLetting]:
    """What is let under these agreements, by number."""
    query = select(SeatLetting).where(SeatLetting.agreement_id.in_(sorted(agreement_ids))).join(SeatLetting.seat)
    query = query.options(joinedload(SeatLetting.seat))
    return db.session.scalars(query.order_by(Seat.kind.desc(), Seat.code, SeatLetting.starts_on)).all()


def get_letting(incubation_id: int, letting_id: int) -> SeatLetting:
    """What is let to this organisation; raises NotFound."""
    query = (
        select(SeatLetting)
        .join(SeatLetting.agreement)
        .where(SeatLetting.id == letting_id, Agreement.incubation_id == incubation_id)
    )
    return must_find(db.session.scalar(query), _l("There is no such seat or locker."))


def keys_of(incubation_id: int) -> Sequence[KeyGiven]:
    """The keys that somebody of an organisation has or had."""
    query = select(KeyGiven).where(KeyGiven.incubation_id == incubation_id).options(joinedload(KeyGiven.person))
    return db.session.scalars(query.order_by(KeyGiven.id)).all()


def get_key(incubation_id: int, key_id: int) -> KeyGiven:
    """A key of this organisation; raises NotFound."""
    query = select(KeyGiven).where(KeyGiven.id == key_id, KeyGiven.incubation_id == incubation_id)
    return must_find(db.session.scalar(query), _l("There is no such key."))


def reviews_of(incubation_id: int) -> Sequence[MidReview]:
    """The mid-term reviews of an organisation, the latest first."""
    query = select(MidReview).where(MidReview.incubation_id == incubation_id)
    who = (joinedload(MidReview.report_by), joinedload(MidReview.opinion_by), joinedload(MidReview.checked_by))
    return db.session.scalars(query.options(*who).order_by(MidReview.id.desc())).all()


def open_review(incubation_id: int) -> MidReview | None:
    """The mid-term review that is under way."""
    return next((each for each in reviews_of(incubation_id) if each.closed_at is None), None)


def cards_of(incubation_id: int) -> dict[CardMoment, CapabilityCard]:
    """What an organisation could do when it came, and when it left."""
    query = select(CapabilityCard).where(CapabilityCard.incubation_id == incubation_id)
    query = query.options(joinedload(CapabilityCard.written_by))
    return {each.moment: each for each in db.session.scalars(query.order_by(CapabilityCard.id))}


def acts_of(incubation_id: int) -> Sequence[HandOverAct]:
    """What was seen to when an organisation left, in order."""
    query = select(HandOverAct).where(HandOverAct.incubation_id == incubation_id)
    query = query.options(joinedload(HandOverAct.by), joinedload(HandOverAct.to_organisation))
    return db.session.scalars(query.order_by(HandOverAct.id)).all()


def incubation_of(organisation_id: int) -> Incubation | None:
    """The latest way of an organisation through the incubator."""
    query = select(Incubation).where(Incubation.organisation_id == organisation_id)
    query = query.options(joinedload(Incubation.organisation))
    return db.session.scalars(query.order_by(Incubation.id.desc()).limit(1)).first()
