"""What an organisation is, and who belongs to it."""
