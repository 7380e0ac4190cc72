"""The append-only record of every legal act, chained per subject, with erasable personal values."""
