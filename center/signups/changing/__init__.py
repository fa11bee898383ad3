"""Changing a roster that people rely on: what may change, what follows from it, and who changed what."""
