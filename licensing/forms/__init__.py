"""What people type, validated at the edge; the acts behind check again."""
