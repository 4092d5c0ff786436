"""What AWS Lambda calls."""

import gc

# A start makes many objects that stay and hardly any rubbish. Looking for it all the while costs a fifteenth of it.
gc.set_threshold(50_000)

from skill import made_ahead  # noqa: E402

made_ahead.use()

from skill.app import get_ready  # noqa: E402
from skill.app import handle as lambda_handler  # noqa: E402

__all__ = ["lambda_handler"]

get_ready()
gc.freeze()
