"""Who came: a register for every session, held true by the database, and everything that was ever said of it."""
