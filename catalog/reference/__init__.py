"""The reform catalogue as reference data: two files and their reader. See docs/reference-data.md."""
