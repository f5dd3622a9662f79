"""The flight simulator: the shipped workflows, run by act against an embedded AWS and a stand-in for GitHub."""
