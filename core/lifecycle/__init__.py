"""What every legal act shares: actors, clauses of law, typed errors, transitions, and what apps contribute to pages."""
