"""The audit trail: what staff did and what became of bookings and activities, read together and said in words."""
