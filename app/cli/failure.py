class CommandFailed(Exception):
    """The command could not do its work; the message says why, for a person."""
