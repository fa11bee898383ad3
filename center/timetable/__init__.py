"""Timetable: the home page, the day board of all rooms and the week of one. Reads what the packages below it own."""
