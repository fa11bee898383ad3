"""The centre's own numbers for the incubator: working days of each stage, and what becomes of too many hours."""

import enum

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from center.incubator.models.incubations import IncubationStage
from center.kernel.db import Base, enum_type
from center.kernel.trail import Trailed

MOST_DAYS = 60


class OverHours(enum.StrEnum):
    """What becomes of a use of a room beyond the hours that an organisation's agreement allows in a month."""

    ASKS = "asks"  # staff must agree to it
    REFUSED = "refused"


# Which stage each number is of.
COLUMNS = {
    IncubationStage.SUBMITTED: "submitted_days",
    IncubationStage.RETURNED: "returned_days",
    IncubationStage.SCREENING: "screening_days",
    IncubationStage.REVIEW: "review_days",
    IncubationStage.PUBLISHED: "published_days",
    IncubationStage.SIGNING: "signing_days",
    IncubationStage.MID_REVIEW: "mid_review_days",
    IncubationStage.WITHDRAWING: "withdrawing_days",
    IncubationStage.RECONSIDERED: "reconsidered_days",
}


class IncubatorRules(Trailed, Base):
    """One row, edited by the director in the site. The days are working days of the centre's calendar."""

    __tablename__ = "incubator_rules"
    __table_args__ = (
        CheckConstraint("id = 1", name="one_row"),
        *(
            CheckConstraint(f"{column} BETWEEN 1 AND {MOST_DAYS}", name=column)
            for column in (*COLUMNS.values(), "report_days")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    submitted_days: Mapped[int] = mapped_column(default=2)
    returned_days: Mapped[int] = mapped_column(default=10)
    screening_days: Mapped[int] = mapped_column(default=5)
    review_days: Mapped[int] = mapped_column(default=15)
    published_days: Mapped[int] = mapped_column(default=5)
    signing_days: Mapped[int] = mapped_column(default=10)
    mid_review_days: Mapped[int] = mapped_column(default=15)
    report_days: Mapped[int] = mapped_column(default=10)  # in which an organisation reports for its mid-term review
    withdrawing_days: Mapped[int] = mapped_column(default=15)
    reconsidered_days: Mapped[int] = mapped_column(default=10)
    over_hours: Mapped[OverHours] = mapped_column(enum_type(OverHours, "over_hours"), default=OverHours.ASKS)
