"""Feedback at the desk: sheets typed in, answers of those who wished to be named, complaints for the director."""
