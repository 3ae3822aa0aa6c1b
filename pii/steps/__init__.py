"""The arithmetic of composite indices: arrays in, arrays out.

No province, file or framework in sight; could be lifted into another index. The last axes are
(provinces, indicators); leading axes are allowed. NaN means "not there", never zero.
Sums are correctly rounded (`math.fsum`), so no permutation changes a score.
"""
