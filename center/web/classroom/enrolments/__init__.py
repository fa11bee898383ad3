"""What the director decides about enrolments, and the texts that guardians agree to."""
