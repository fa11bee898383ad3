"""Troupes as those see them who lead them."""
