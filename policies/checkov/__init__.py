"""The repository's own checkov rules, one file a rule; checkov loads every module of this directory."""
