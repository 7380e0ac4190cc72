"""Everybody's own account: signing up, signing in, e-mail address, password, second factor, sessions, rate limits."""
