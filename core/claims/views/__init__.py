"""Pages of claims: mine, identity, the desk of officials, agents."""
