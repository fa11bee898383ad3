"""Arts troupes: their members and parts, seasons, repertoire, and what is done with them."""
