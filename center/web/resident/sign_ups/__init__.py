"""Signing up for activities."""
