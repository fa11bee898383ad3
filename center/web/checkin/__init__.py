"""Check-in: at the door, on any device, with a connection or without."""
