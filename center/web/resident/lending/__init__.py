"""What somebody has borrowed."""
