"""Laboratory filing, the published list, test orders and reports (R-32 … R-42): here, later.

They will push outcomes into licensing's evidence; until then a reviewer records them with a document.
"""
