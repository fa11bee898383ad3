"""A year of a troupe beside its targets, for those who lead it."""
