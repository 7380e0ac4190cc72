"""Certificates: render, sign, verify. Knows facts on paper, not cases (DESIGN §5)."""
