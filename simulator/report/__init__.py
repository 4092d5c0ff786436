"""The report on paper: what the session log holds of one person, for them and their physiotherapist.

`source` reads the log, `sessions` makes sessions of its entries, `counting` counts them, `words`, `charts` and `page`
show the counts, `spreadsheet` lists the sessions, `files` writes, and `command` puts it all together.
"""
