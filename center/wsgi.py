"""What the web server serves."""

import gc

from center import create_app

app = create_app()

# What is here now stays as long as the process does: the collector need not look at it again with every request.
gc.collect()
gc.freeze()
