"""How far every figure may be trusted: coherence, uncertainty, sensitivity, exact answers."""
