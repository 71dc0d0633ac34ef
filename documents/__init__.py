"""Reads files into documents, and cuts documents into passages."""
