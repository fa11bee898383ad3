"""Whether a certificate of volunteer hours is genuine."""
