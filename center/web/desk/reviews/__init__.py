"""Activities, and changes of these, that wait for staff."""
