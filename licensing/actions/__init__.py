"""The only writers of cases and licences: one function per legal act, grouped by stage."""
