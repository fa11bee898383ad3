"""Dates on which a school ends otherwise: who is told, and who has to know it."""
