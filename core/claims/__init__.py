"""How a person comes to act for an enterprise: claims and their proof, disputes, agents' powers of attorney (R-88)."""
