"""Rehearsals of a season for those who lead the troupe: planned in one form, changed, and asked about in polls."""
