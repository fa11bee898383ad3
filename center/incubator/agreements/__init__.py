"""What an organisation agrees with the centre: its term, seats, lockers, room hours, reviews, and how it leaves."""
