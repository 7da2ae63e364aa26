"""Benchmarks: each figure beside a peer or a limit measured in the same run; medians of five."""
