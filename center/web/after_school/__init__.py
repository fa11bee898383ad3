"""What several areas show of the after-school programme."""
