"""CloudWatch Logs Insights offline: reads a query of its language, and answers it from log events at hand.

A subset, as AWS documents it. What is not in it is an error with its line and column, never passed over.
"""
