"""How robust every rank is: the audit of an edition as a distribution over `Method`."""
