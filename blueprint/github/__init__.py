"""GitHub as the pipelines use it: its REST API, and the facts of the event a workflow runs for."""
