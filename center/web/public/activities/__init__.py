"""Activities, as everybody sees them."""
