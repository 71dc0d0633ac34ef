"""What a question asks for, what a passage offers, and what of the question has no counterpart."""
