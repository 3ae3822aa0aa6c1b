"""How robust every rank is: the audit of an edition as a distribution over `Method`.

| module | what it answers |
|---|---|
| `uncertainty`, `sensitivity` | how far ranks move over draws, and which choice moves them |
| `coherence`, `importance` | does the tree hang together, does each part count as was meant |
| `exact`, `admissible` | swaps, dominance and widest ranks over all admissible weights, unsampled |
| `single` | the one value on which a rank hangs |
| `leave_one_out` | the index without each indicator, pillar, province |
| `frontier` | every province under the weights that suit it best |
"""
