"""The acts of claims: filing, proof, review, disputes, agents, powers (R-88)."""
