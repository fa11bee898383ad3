"""One's own volunteer hours."""
