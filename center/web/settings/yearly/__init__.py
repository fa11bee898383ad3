"""What troupes are to have done in a year, as the director sets it."""
