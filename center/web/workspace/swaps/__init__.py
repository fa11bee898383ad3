"""Swaps of room times, as those who lead an organisation see them."""
