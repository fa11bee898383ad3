"""Costumes and props for those who lead a troupe."""
