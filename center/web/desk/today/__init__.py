"""The desk's own day: what is on, what waits, the board of a day to work on, and lists for the door."""
