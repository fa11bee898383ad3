"""Who comes to a session: a list without addresses for the lead, one with addresses for the driver."""
