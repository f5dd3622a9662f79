"""The observability pack as Python sees it: its data, inventory and plan, and the gates that hold them together."""
