"""The composition root: the one place that knows who does what."""
