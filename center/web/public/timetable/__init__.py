"""The home page, the boards of rooms, finding a room, and the calendars of the centre."""
