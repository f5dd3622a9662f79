"""Checks access tokens in place of the gateway's own JWT authorizer."""
