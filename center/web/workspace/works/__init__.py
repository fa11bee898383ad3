"""Works and sale days for those who lead the studio."""
