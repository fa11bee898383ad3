"""What one may still answer, and what one wrote to the director."""
