"""What is asked of the transaction that one is in: that it ends where it was only read, and how it would fail."""

from center.kernel.db import db


def end_reading() -> None:
    """End the transaction in which a request has read, where nothing is being written; what it read stays in hand."""
    session = db.session()
    is_only_read = not (session.info.get("writing") or session.info.get("drawing"))
    if is_only_read and session.in_transaction() and not (session.new or session.dirty or session.deleted):
        known = session.info.get("known", {})
        session.commit()
        session.info["known"] = known


def is_in_part() -> bool:
    """Whether this is inside a part of a transaction that may fail alone, with all that was held in it."""
    return db.session().in_nested_transaction()
