"""The centre's own facts and its calendar."""
