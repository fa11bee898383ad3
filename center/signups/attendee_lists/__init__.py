"""Who comes to a session, on one list: for the lead without doors, for the driver with them. Uses all of sign-ups."""
