"""What pages about sign-ups share."""
