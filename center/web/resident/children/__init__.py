"""What guardians see and say of their children in the after-school programme."""
