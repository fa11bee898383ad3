"""What stays until a person answers it, and whom to ring."""
