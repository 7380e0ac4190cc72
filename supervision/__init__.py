"""Holder duties, incidents, recalls, spot checks, measures, sanctions and classes will live here (R-1, R-59 … R-70). Nothing of it is offered on a page yet."""
