"""Thin domain events written in the act's transaction, delivered to subscribers, rung by one doorbell."""
