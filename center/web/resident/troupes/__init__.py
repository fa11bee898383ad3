"""Troupes as their members see them."""
