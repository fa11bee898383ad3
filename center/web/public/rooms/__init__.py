"""The rooms, as everybody sees them."""
