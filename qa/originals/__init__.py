"""The files that documents were read from: given back, and their pages drawn and marked."""
