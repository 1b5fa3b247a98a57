"""The container's health check: exit 0 while the web server of this container responds."""

import os
import sys
import urllib.request

address = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/healthz"
with urllib.request.urlopen(address, timeout=8) as answer:
    sys.exit(0 if answer.status == 200 else 1)
