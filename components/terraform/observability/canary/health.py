"""The canary's one question: does the API answer 200 at the address in URL, within ten seconds?"""

import http
import http.client
import os
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 10


def handler(_event: object, _context: object) -> str:
    """What Synthetics calls at each run; a run that raises has failed.

    Where nobody answers in time the connection raises OSError; an untrusted certificate is one, too.
    """
    url = os.environ["URL"]
    address = urlsplit(url)
    if address.scheme != "https":
        raise ValueError(f"URL must be an https address, not {url!r}")
    connection = http.client.HTTPSConnection(address.netloc, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", address.path or "/")
        status = connection.getresponse().status
    finally:
        connection.close()
    if status != http.HTTPStatus.OK:
        raise RuntimeError(f"{url} answered {status}")
    return f"{url} answered {status}"
