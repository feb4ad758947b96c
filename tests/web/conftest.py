"""One show for the tests of the server; each leaves it as it was."""

import pytest
from panel_client import Stage, environment


@pytest.fixture(scope="package")
def stage(tmp_path_factory):
    folder = tmp_path_factory.mktemp("panel")
    with pytest.MonkeyPatch.context() as patch:
        environment(patch, folder)
        opened = Stage(folder)
        opened.folder = folder
        yield opened
        opened.close()
