"""Refusals about pictures that are uploaded."""

from app.domain.errors.kinds import Invalid, Unavailable


class PictureUnusable(Invalid):
    title = "The file is no picture that can be shown."

    def __init__(self, rule: str, *, field: str = "image") -> None:
        super().__init__(
            f"The field {field} {rule}.", errors=[{"pointer": f"/{field}", "detail": rule}]
        )


class PicturesUnavailable(Unavailable):
    title = "Pictures cannot be kept or shown now."
    sentence = "Where pictures are kept does not answer. Nothing was changed; try again later."
