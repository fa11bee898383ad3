"""Who may act for me."""
