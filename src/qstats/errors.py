"""What qstats says when it cannot go on: what is wrong, where, and what to do."""


class QstatsError(Exception):
    """A problem that the user can understand and mend."""


class ParameterError(QstatsError):
    """A parameter file that is not valid."""


class SourceError(QstatsError):
    """A supplier's file that cannot be read or fits no layout."""


class CorrectionError(QstatsError):
    """A declared correction that does not fit the data any more."""


class ReportError(QstatsError):
    """A report that must not be published as it stands."""
