"""What those do who look after the children of the after-school programme, and whoever runs it."""
