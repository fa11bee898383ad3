"""What pages about people share."""
