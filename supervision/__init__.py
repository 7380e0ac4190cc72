"""Duties, incidents, recalls, spot checks, measures, sanctions, classes (R-1, R-59 … R-70): here, later.

No page offers any of it yet.
"""
