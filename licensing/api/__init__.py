"""The machine interface of cases: the same actions, queries and competence as the pages."""
