"""A day of the programme from its opening to its register."""
