"""One router per noun: read the request, make one service call, show the result."""
