"""What guardians see, say and do of their children in the after-school programme."""
