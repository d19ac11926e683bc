"""Whether the targets of goals below make up the target above (`goal-arithmetic.md` §1)."""
