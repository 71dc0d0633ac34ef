"""What is asked: a question in French or English becomes an answer with citations."""
