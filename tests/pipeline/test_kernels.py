"""Kernels of chapters. Oracle: what the stock manager would choose, which is a port that others may take."""

from pathlib import Path

import pytest
from jupyter_client.manager import AsyncKernelManager

from qstats.pipeline.kernels import ChapterKernelManager
from qstats.pipeline.warm_kernels import WarmKernelManager


@pytest.mark.parametrize("manager", [ChapterKernelManager, WarmKernelManager])
def test_kernels_share_no_ports(
    manager: type[AsyncKernelManager], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    made = [manager(connection_file=str(tmp_path / f"{place}.json")) for place in range(20)]
    for one in made:
        one.write_connection_file()
    infos = [one.get_connection_info() for one in made]
    assert {info["transport"] for info in infos} == {"ipc"}
    assert len({info["ip"] for info in infos}) == 20
    assert all(Path(str(info["ip"])).parent == tmp_path for info in infos)
