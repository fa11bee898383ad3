"""People's uses that a change of rooms, closures or the calendar would shut out: staff choose what becomes of each."""
