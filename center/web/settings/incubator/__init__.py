"""Criteria of reviews and the pool of reviewers."""
