"""What AWS asks for what the blueprint uses: the one price table, with its sources, and what a month costs by it."""
