"""Reference data of the parties: administrative divisions and authorities, their files and their loaders.

The files in `data/` are committed and loaded at set-up; nothing is fetched at run time. Where they come from,
what they do not say and how to rebuild them stands in docs/reference-data.md.
"""
