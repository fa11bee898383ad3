"""Holding a performance until the transaction ends: its activity and date first, in the order in which a move does."""

from center.kernel.db import lock
from center.rooms import ledger
from center.troupes.performances.models import Performance


def hold(performance: Performance) -> None:
    """Let nobody else change the performance, nor its activity or date: others may still hold those as we do."""
    lock(performance.session.activity, shared=True)
    lock(performance.session, shared=True)
    lock(performance)


def hold_to_change(performance: Performance) -> None:
    """The same for whoever publishes its activity or calls its date off."""
    ledger.line_up()
    lock(performance.session.activity)
    lock(performance.session)
    lock(performance)
