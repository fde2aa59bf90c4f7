"""`make bench`: every figure beside a limit that was measured in the same run, in turn (docs/performance.md)."""
