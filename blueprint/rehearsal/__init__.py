"""Rehearses every alarm of a plan: a case in which it fires, one in which it clears and a near miss, and mutants."""
