"""Reviews: criteria, a panel named or drawn, scores that nobody sees before their own is signed, minutes."""
