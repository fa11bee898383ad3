"""Room time shared fairly: a term given out by published criteria, and times swapped between organisations."""
