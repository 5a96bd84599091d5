"""Only under the names of the installation does it answer: a page must not build its links on a stranger's."""

from dataclasses import replace

import pytest

from app import create_app
from config import SettingError, Settings

OF_BOTH_DATABASES = ("sqlite",)


def test_a_strange_host_is_refused_and_named_nowhere(app):
    answer = app.test_client().get("/cases", headers={"Host": "evil.example"})

    assert answer.status_code == 400
    assert "evil.example" not in answer.text + str(answer.headers)
    assert "AMPARO_HOSTS" in answer.text


def test_the_names_of_the_setting_are_answered(settings):
    app = create_app(replace(settings, hosts=("amparo.example.org",)))

    for host, status in (("amparo.example.org", 302), ("localhost:8000", 302), ("amparo.example.com", 400)):
        assert app.test_client().get("/sign-in", headers={"Host": host}).status_code == status


def test_a_wrong_name_gets_one_sentence(tmp_path):
    with pytest.raises(SettingError, match="AMPARO_HOSTS"):
        Settings.from_environment({"AMPARO_INSTANCE": str(tmp_path), "AMPARO_HOSTS": "https://amparo.example.org"})
