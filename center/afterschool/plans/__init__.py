"""Who comes on a day and how each child goes home: what is planned, and what is different that day."""
