"""Partners of the centre, and their days of service."""
