"""What the pages of troupes share, whoever sees them."""
