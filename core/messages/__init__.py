"""Inbox, e-mail and other channels between the portal and people. Empty in this first form; no page offers it yet."""
