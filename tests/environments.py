"""The parameters under which the tests look at the bootstrap template: one set for each real environment."""

REPOSITORY = {
    "GitHubOwner": "octo-org",
    "GitHubRepository": "octo-repo",
    "GitHubOwnerId": "123456",
    "GitHubRepositoryId": "456789",
}
ENVIRONMENTS = {
    "dev": {
        "NamePrefix": "acme-useast1",
        "Stage": "dev",
        **REPOSITORY,
        "ServesPreviews": "true",
        "DisposableData": "true",
    },
    "staging": {
        "NamePrefix": "acme-useast1",
        "Stage": "staging",
        **REPOSITORY,
        "TagPattern": "v*.*.*-rc.*",
    },
    "prod": {
        "NamePrefix": "acme-useast1",
        "Stage": "prod",
        **REPOSITORY,
        "TagPattern": "v*.*.*",
        "TagExclusion": "v*-*",
    },
}
