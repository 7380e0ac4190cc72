"""The read side of cases and licences, each with a constant number of queries."""
