"""What I was told, and what I ask about my data."""
