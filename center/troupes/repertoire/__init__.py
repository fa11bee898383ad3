"""The repertoire: pieces with the parts they need, who knows which, and their scores and recordings."""
