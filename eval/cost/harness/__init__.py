"""Programs, servers and clients under measurement: commands come in, times and memory go out."""
