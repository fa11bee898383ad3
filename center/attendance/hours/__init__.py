"""Volunteer hours: signed in and out, reviewed where a day is long, certified by somebody else, and on paper."""
