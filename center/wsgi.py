"""What the web server serves."""

from center import create_app

app = create_app()
