"""Reads alarms, and what they watch, out of Terraform's JSON plan or a CloudFormation template, anybody's."""
