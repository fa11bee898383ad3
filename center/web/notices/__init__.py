"""What pages about messages share."""
