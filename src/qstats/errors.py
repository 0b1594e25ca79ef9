"""What qstats says when it cannot go on: what is wrong, where, and what to do."""

from collections.abc import Mapping


class QstatsError(Exception):
    """A problem that the user can understand and mend."""


class ParameterError(QstatsError):
    """A parameter file that is not valid."""


class SourceError(QstatsError):
    """A layout, a delivery record or a supplier's file that cannot be used."""


class RefusedFileError(SourceError):
    """A supplier's file that cannot be read or fits no layout: the run goes on without it.

    Parameters
    ----------
    file : str
        Name of the file.
    text : mapping
        What is wrong and what to do, without the file's name: ``{"zh": …, "en": …}``. A report shows the
        language of its page, the command line English.
    """

    def __init__(self, file: str, text: Mapping[str, str]) -> None:
        super().__init__(f"{file}: {text['en']}")
        self.text = dict(text)


class CorrectionError(QstatsError):
    """A declared correction that does not fit the data any more."""


class ReportError(QstatsError):
    """A report that must not be published as it stands."""
