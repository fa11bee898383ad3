"""What staff do with people all day."""
