"""A made-up city of any size from a seed, with known truth: layers to show, to test and to measure with."""
