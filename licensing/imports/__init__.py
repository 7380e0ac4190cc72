"""Licences of the paper era: a file is checked row by row, and a second person loads it (R-90)."""
