"""CloudWatch's alarms as AWS documents them: what an alarm is, and what it does with the data it is given."""
