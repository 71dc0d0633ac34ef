"""Messages: bytes of EML and MSG come in; an extract whose paragraphs know who wrote goes out."""
