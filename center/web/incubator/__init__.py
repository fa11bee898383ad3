"""What pages of the incubator share."""
