"""Who is in a troupe: joining, trial, pause and leaving; who leads it; and what one leader hands to the next."""
