"""What a guardian may do, what a bar takes from them, and who is to be called about a child."""
