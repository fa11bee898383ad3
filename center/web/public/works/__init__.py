"""Works on sale, and what sale days came to, for everybody."""
