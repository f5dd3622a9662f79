from pathlib import Path

import pytest

from blueprint.errors import UsageError
from blueprint.packaging import config

VALID = """\
[target]
python = "3.11"
platform = "aarch64-manylinux2014"
[packages.api]
handler = "services.api.handler"
"""


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "packages.toml"
    file.write_text(text)
    return file


def test_the_repository_s_file_names_the_four_functions() -> None:
    settings = config.read()

    assert list(settings.packages) == ["api", "processor", "scheduler", "authorizer"]
    assert settings.packages["api"].handler == "services.api.handler"
    assert settings.target.cache_tag == "cpython-311"


def test_optional_lists_are_read(tmp_path: Path) -> None:
    settings = config.read(
        written(tmp_path, VALID + 'clients = ["sqs"]\ndata = ["services/api/*.json"]\n')
    )

    assert settings.packages["api"].clients == ("sqs",)
    assert settings.packages["api"].data == ("services/api/*.json",)
    assert settings.packages["api"].dynamic_imports == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[target", "packages.toml cannot be read"),
        (VALID.replace("3.11", "3"), r"target\.python is '3'"),
        (VALID.replace("platform", "platfrom"), r"target\.platform is missing"),
        (VALID.replace("handler", "handlr"), r"packages\.api\.handler is missing"),
        (VALID + 'client = ["sqs"]\n', r"packages\.api\.client is not known"),
        (VALID + 'clients = "sqs"\n', r"packages\.api\.clients must be a list of strings"),
    ],
)
def test_a_wrong_field_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        config.read(written(tmp_path, text))


def test_an_unknown_function_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no function 'web'") as raised:
        config.read(written(tmp_path, VALID)).select(["web"])
    assert raised.value.remedy == "choose from api"
