"""What `/metrics` tells of the outbox."""

from center.notices import queries

GAUGES = {
    "center_deliveries_due": ("Messages that could be sent now", queries.count_due),
    "center_dead_letters": ("Messages that could not be delivered", queries.count_dead_letters),
    "center_oldest_due_seconds": ("For how long the oldest of these has been due", queries.oldest_due_seconds),
}
