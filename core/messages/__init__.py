"""Inbox, e-mail and other channels between the portal and people."""
