"""What pages of the incubator share: papers to send and to read, letters."""
