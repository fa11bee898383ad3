"""Places in a term: applying, consents, what must be known of a child, pausing and ending."""
