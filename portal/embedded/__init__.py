"""Everything `./dev` does: set-up, embedded PostgreSQL and Valkey, one supervisor over the processes.

An installation that sets `DATABASE_URL` and `REDIS_URL` uses its own servers; nothing is embedded then.
"""
