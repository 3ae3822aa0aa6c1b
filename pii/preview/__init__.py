"""One province against a run that is already made: what it would score, and where it stands."""
