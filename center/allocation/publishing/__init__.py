"""The result of a round: worked out, looked at and adjusted by staff, published and turned into series, explained."""
