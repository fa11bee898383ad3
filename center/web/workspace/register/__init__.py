"""The register of a session: the roll as it is taken, closing and putting right, walk-ins, paper."""
