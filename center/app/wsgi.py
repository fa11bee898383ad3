"""What the web server serves: the site as any WSGI server takes it, and with its gateway as granian does."""

import gc

from center import create_app
from center.kernel.gateway import gateway_of

app = create_app()
gateway = gateway_of(app)

# What is here now stays as long as the process does: the collector need not look at it again with every request.
gc.collect()
gc.freeze()
