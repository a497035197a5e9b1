"""The shop's command line: `python -m app.cli --help`."""

import sys

from app.cli.commands import main

sys.exit(main())
