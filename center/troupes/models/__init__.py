"""What the troupes keep, by what it is about: the troupe and its members, its pieces, its seasons."""
