"""Demo: the centre at its reported scale with invented people and a year of bookings, to look at and to measure with.

May import everything; nothing imports it but `center.commands.cli`. Its people, phones and purposes are made up.
"""
