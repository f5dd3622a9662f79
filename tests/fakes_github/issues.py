"""Issues, which pull requests are too, and the comments on them."""

import re
from collections.abc import Callable

from tests.fakes_github.exchange import Answer, Json, Request, invalid, not_found, page
from tests.fakes_github.permissions import Alternatives
from tests.fakes_github.routing import Repository, route
from tests.fakes_github.state import now

MOST_CHARACTERS = 65536


def _list(repository: Repository, request: Request, _: re.Match[str]) -> Answer:
    wanted = request.query.get("state", "open")
    names = {name for name in request.query.get("labels", "").split(",") if name}
    found = [
        issue
        for issue in reversed(repository.state.issues)
        if wanted in {issue["state"], "all"}
        and names <= {label["name"] for label in issue["labels"]}
    ]
    return page(request, found)


def _create(repository: Repository, request: Request, _: re.Match[str]) -> Answer:
    if not request.body.get("title"):
        raise invalid("Issue", "title", "missing_field")
    _check_length("Issue", request.body.get("body") or "")
    issue = new_issue(repository, request, repository.state.next_number())
    return Answer(201, issue)


def new_issue(repository: Repository, request: Request, number: int) -> Json:
    """Add an issue with the request's title, body and labels to the state."""
    issue: Json = {
        "id": repository.state.next_id(),
        "number": number,
        "title": request.body["title"],
        "body": request.body.get("body"),
        "state": "open",
        "state_reason": None,
        "user": request.author,
        "labels": [_label(name) for name in request.body.get("labels", [])],
        "comments": 0,
        "url": f"{request.repository_url}/issues/{number}",
        "html_url": request.html(f"/issues/{number}"),
        "created_at": now(),
        "updated_at": now(),
        "closed_at": None,
    }
    repository.state.issues.append(issue)
    return issue


def _get(repository: Repository, _: Request, match: re.Match[str]) -> Answer:
    return Answer(200, _issue(repository, match))


def _update(repository: Repository, request: Request, match: re.Match[str]) -> Answer:
    issue, body = _issue(repository, match), request.body
    _check_length("Issue", body.get("body") or "")
    if body.get("state", "open") not in {"open", "closed"}:
        raise invalid("Issue", "state", "invalid")
    issue |= {key: body[key] for key in ("title", "body", "state", "state_reason") if key in body}
    if "labels" in body:
        issue["labels"] = [_label(name) for name in body["labels"]]
    issue["closed_at"] = now() if issue["state"] == "closed" else None
    issue["updated_at"] = now()
    return Answer(200, issue)


def _add_labels(repository: Repository, request: Request, match: re.Match[str]) -> Answer:
    issue = _issue(repository, match)
    present = {label["name"] for label in issue["labels"]}
    issue["labels"] += [
        _label(name) for name in request.body.get("labels", []) if name not in present
    ]
    return Answer(200, issue["labels"])


def _list_comments(repository: Repository, request: Request, match: re.Match[str]) -> Answer:
    url = _issue(repository, match)["url"]
    return page(request, [c for c in repository.state.comments if c["issue_url"] == url])


def _create_comment(repository: Repository, request: Request, match: re.Match[str]) -> Answer:
    issue = _issue(repository, match)
    _check_comment(request)
    identifier = repository.state.next_id()
    comment = {
        "id": identifier,
        "body": request.body["body"],
        "user": request.author,
        "url": f"{request.repository_url}/issues/comments/{identifier}",
        "issue_url": issue["url"],
        "html_url": f"{issue['html_url']}#issuecomment-{identifier}",
        "created_at": now(),
        "updated_at": now(),
    }
    repository.state.comments.append(comment)
    issue["comments"] += 1
    return Answer(201, comment)


def _update_comment(repository: Repository, request: Request, match: re.Match[str]) -> Answer:
    comment = _comment(repository, match)
    _check_comment(request)
    comment |= {"body": request.body["body"], "updated_at": now()}
    return Answer(200, comment)


def _delete_comment(repository: Repository, _: Request, match: re.Match[str]) -> Answer:
    repository.state.comments.remove(_comment(repository, match))
    return Answer(204)


def _issue(repository: Repository, match: re.Match[str]) -> Json:
    issue = repository.state.issue(int(match[1]))
    if issue is None:
        raise not_found()
    return issue


def _comment(repository: Repository, match: re.Match[str]) -> Json:
    for comment in repository.state.comments:
        if comment["id"] == int(match[1]):
            return comment
    raise not_found()


def _check_comment(request: Request) -> None:
    body = request.body.get("body")
    if not isinstance(body, str) or not body.strip():
        raise invalid("IssueComment", "body", "missing_field")
    _check_length("IssueComment", body)


def _check_length(resource: str, body: str) -> None:
    if len(body) > MOST_CHARACTERS:
        problem = f"Body is too long (maximum is {MOST_CHARACTERS} characters)"
        raise invalid(resource, "data", "unprocessable", problem)


def _label(name: str) -> Json:
    return {"name": name, "color": "ededed", "description": None}


def _on_issue(level: str) -> Callable[[Repository, re.Match[str]], Alternatives]:
    """Either permission opens a pull request; an issue takes the one for issues."""

    def needed(repository: Repository, match: re.Match[str]) -> Alternatives:
        return _either(repository.state.issue(int(match[1])), level)

    return needed


def _on_comment(level: str) -> Callable[[Repository, re.Match[str]], Alternatives]:
    def needed(repository: Repository, match: re.Match[str]) -> Alternatives:
        issues = {issue["url"]: issue for issue in repository.state.issues}
        return _either(issues.get(_comment(repository, match)["issue_url"]), level)

    return needed


def _either(issue: Json | None, level: str) -> Alternatives:
    if issue is not None and "pull_request" in issue:
        return [{"issues": level}, {"pull_requests": level}]
    return [{"issues": level}]


ROUTES = [
    route("GET", r"/issues", [{"issues": "read"}], _list),
    route("POST", r"/issues", [{"issues": "write"}], _create),
    route("GET", r"/issues/(\d+)", _on_issue("read"), _get),
    route("PATCH", r"/issues/(\d+)", _on_issue("write"), _update),
    route("POST", r"/issues/(\d+)/labels", _on_issue("write"), _add_labels),
    route("GET", r"/issues/(\d+)/comments", _on_issue("read"), _list_comments),
    route("POST", r"/issues/(\d+)/comments", _on_issue("write"), _create_comment),
    route("PATCH", r"/issues/comments/(\d+)", _on_comment("write"), _update_comment),
    route("DELETE", r"/issues/comments/(\d+)", _on_comment("write"), _delete_comment),
]
