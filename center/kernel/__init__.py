"""The kernel: what every part stands on and what knows none: the database, the clock, languages, who may do what."""
