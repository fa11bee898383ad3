"""Who may collect a child, who may not, and the code of a day."""
