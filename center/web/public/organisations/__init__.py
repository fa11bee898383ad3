"""Organisations, as everybody sees them."""
