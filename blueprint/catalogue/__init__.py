"""Which metrics exist, by what dimensions, in which unit and range, and when they are reported: data with sources."""
