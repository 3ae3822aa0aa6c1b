"""The only readers: edition files, province lists, templates, submissions, tables."""
