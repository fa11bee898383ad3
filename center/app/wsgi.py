"""What the web server serves: the site as any WSGI server takes it, and with its gateway as granian does.

`center run` loads it before it forks its processes, so that they share all that is here.
"""

import gc

import prometheus_client  # noqa: F401  (every process would load it: after `metrics.share_between_processes`)
from sqlalchemy.orm import configure_mappers

from center import create_app
from center.kernel.gateway import gateway_of
from center.people import names

names.dictionary()  # first: what it leaves free of its memory is filled by all that is loaded after it
app = create_app()
gateway = gateway_of(app)
configure_mappers()

# What is here now stays as long as the process does: the collector need not look at it again with every request, and
# so does not write into memory that processes share.
gc.collect()
gc.freeze()
