"""For a container's HEALTHCHECK: does web say that everything it needs works?

Standard library alone, run by its path, under a host name that the settings allow.
"""

import http.client
import os
import sys


def main() -> int:
    host = (os.environ.get("ALLOWED_HOSTS") or "localhost").replace(",", " ").split()[0].lstrip("*.") or "localhost"
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT") or 8000), timeout=8)
    connection.request("GET", "/healthz", headers={"Host": host})
    answer = connection.getresponse()
    print(answer.status, answer.read(2000).decode(errors="replace"))
    return 0 if answer.status == 200 else 1


if __name__ == "__main__":
    sys.exit(main())
