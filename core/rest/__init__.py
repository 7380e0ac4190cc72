"""What every machine interface shares: tokens, errors, idempotency, paging, entity tags, limits, documentation."""
