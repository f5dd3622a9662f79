"""Proves for each alarm of a document that it can go off and be over again, or says why it cannot."""
