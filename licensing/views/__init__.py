"""Thin pages: read the request, ask one query or act, draw one template."""
