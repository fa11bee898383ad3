"""Rehearsals of a season: dates of its activity, planned in one form, skipped and put back; and polls for a date."""
