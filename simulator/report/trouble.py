"""What can stand in the way of a report."""


class ReportError(Exception):
    """There can be no report. The text is one line: what is wrong, and what to do about it."""
