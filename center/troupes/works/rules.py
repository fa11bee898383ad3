"""Prices, shares and states of works and sale days. Pure; money is in fen."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.troupes.models.works import SaleDayState, WorkState

MOST_FEN = 10_000_00
TYPED_UNTIL = timedelta(hours=18)  # what was sold at the table may be typed in until the next morning
LONGEST_DAY = timedelta(days=3)
# From where to where a work can go; the database holds the same.
STEPS = frozenset(
    {
        (WorkState.REGISTERED, WorkState.PENDING),
        (WorkState.REGISTERED, WorkState.WITHDRAWN),
        (WorkState.PENDING, WorkState.ON_SALE),
        (WorkState.PENDING, WorkState.REGISTERED),
        (WorkState.PENDING, WorkState.WITHDRAWN),
        (WorkState.ON_SALE, WorkState.PENDING),
        (WorkState.ON_SALE, WorkState.REGISTERED),
        (WorkState.ON_SALE, WorkState.RESERVED),
        (WorkState.ON_SALE, WorkState.SOLD),
        (WorkState.ON_SALE, WorkState.WITHDRAWN),
        (WorkState.RESERVED, WorkState.ON_SALE),
        (WorkState.RESERVED, WorkState.SOLD),
        (WorkState.SOLD, WorkState.ON_SALE),
        (WorkState.WITHDRAWN, WorkState.REGISTERED),
    }
)
DAY_STEPS = frozenset(
    {
        (SaleDayState.REQUESTED, SaleDayState.APPROVED),
        (SaleDayState.REQUESTED, SaleDayState.DECLINED),
        (SaleDayState.REQUESTED, SaleDayState.WITHDRAWN),
        (SaleDayState.APPROVED, SaleDayState.REQUESTED),
        (SaleDayState.APPROVED, SaleDayState.WITHDRAWN),
        (SaleDayState.DECLINED, SaleDayState.REQUESTED),
    }
)


@dataclass(frozen=True)
class Price:
    """What a work costs, and what of it is the maker's and what is given away."""

    maker_fen: int
    charity_fen: int

    @property
    def fen(self) -> int:
        """The price on the label."""
        return self.maker_fen + self.charity_fen


@dataclass(frozen=True)
class Totals:
    """What a sale day came to."""

    works: int
    price_fen: int
    maker_fen: int
    charity_fen: int


def price_of(price_fen: int, maker_fen: int) -> Price:
    """A price and the maker's share of it; what is left is given away. Raises RuleBroken."""
    if not 0 < price_fen <= MOST_FEN:
        raise RuleBroken(_l("A price is from ¥0.01 to ¥%(most)s.", most=MOST_FEN // 100), field="price")
    if not 0 <= maker_fen <= price_fen:
        raise RuleBroken(_l("The maker's share is between nothing and the whole price."), field="share")
    return Price(maker_fen, price_fen - maker_fen)


def fen_of(text: str, *, field: str | None = None) -> int:
    """An amount in yuan as somebody typed it; raises RuleBroken where it is none or has parts of a fen."""
    wrong = RuleBroken(_l("Please write an amount such as 35 or 35.50."), field=field)
    try:
        amount = Decimal(text.strip().removeprefix("¥").removeprefix("￥").removesuffix("元").strip() or "x") * 100
    except InvalidOperation as error:
        raise wrong from error
    if not amount.is_finite() or amount != amount.to_integral_value() or abs(amount) > MOST_FEN:
        raise wrong
    return int(amount)


def yuan(fen: int) -> str:
    """An amount as it is read: 35, or 35.50."""
    return f"¥{fen // 100}" if fen % 100 == 0 else f"¥{fen / 100:.2f}"


def stands(state: WorkState, reserved_until: datetime | None, *, now: datetime) -> WorkState:
    """Where a work stands at a moment: a reservation that is over keeps it from nobody."""
    is_over = state is WorkState.RESERVED and reserved_until is not None and reserved_until <= now
    return WorkState.ON_SALE if is_over else state


def may_step(was: WorkState, becomes: WorkState) -> bool:
    """Whether a work can go from one state to the other."""
    return (was, becomes) in STEPS


def check_times(starts_at: datetime, ends_at: datetime, *, now: datetime) -> None:
    """A sale day lies ahead and lasts three days at most. Raises RuleBroken."""
    if starts_at <= now:
        raise RuleBroken(_l("This time is over. Please choose one ahead."), field="date")
    if ends_at <= starts_at:
        raise RuleBroken(_l("It must end after it begins."), field="end")
    if ends_at - starts_at > LONGEST_DAY:
        raise RuleBroken(_l("At most %(days)s days, please.", days=LONGEST_DAY.days), field="end")


def sold_when(starts_at: datetime, ends_at: datetime, *, now: datetime) -> datetime:
    """When something typed in now was sold: on the day itself, or at its end where it is typed in soon after."""
    if now < starts_at:
        raise RuleBroken(_l("The sale day has not begun. Until then a work can be reserved."))
    if now > ends_at + TYPED_UNTIL:
        raise RuleBroken(_l("The sale day is over. What is left can be put on another one."))
    return min(now, ends_at)
