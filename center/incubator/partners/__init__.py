"""Member units and teams of departments: what they offer, when they served, and the statements made from that."""
