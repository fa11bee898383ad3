"""What pages about posting activities share."""
