"""What the web server serves as the floor."""

from bench.floor import create_floor
from center.kernel.config import load
from center.kernel.gateway import Gateway, threads_of

app = create_floor(load())
gateway = Gateway(app, threads=threads_of(load()))
