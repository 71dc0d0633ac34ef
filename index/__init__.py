"""What is searched: vectors, words, and the generations that hold them on disk."""
