"""Tables: bytes of CSV, spreadsheets and JSON come in; an extract with a passage a row goes out."""
