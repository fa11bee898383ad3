"""Answering whether one comes by a link, without signing in."""
