"""What is read: files become documents, documents become passages."""
