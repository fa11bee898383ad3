"""What an organisation wishes of the room times of a term."""
