"""Partners of the centre, as everybody sees them."""
