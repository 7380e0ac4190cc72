"""What others may see: lookup, verification, progress. Reads only the schema public_register."""
