"""On-site verification, review bodies, technical rules and evaluations (R-52 … R-58, R-71): here, later.

They will push outcomes into licensing's evidence; until then a reviewer records them with a document.
"""
