"""What the web server serves as the floor."""

from bench.floor import create_floor
from center.config import load

app = create_floor(load())
