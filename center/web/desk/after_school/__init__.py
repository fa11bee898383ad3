"""What the desk does for the after-school programme: paper forms typed in, calls of guardians."""
