"""`lianbao childcare import`, as a user runs it."""

import os
import subprocess
import sys

from tests.conftest import ROOT
from tests.unit.childcare.test_taking_in import as_csv, as_xlsx, row


def run(folder, *arguments):
    env = {**os.environ, "LIANBAO_DATABASE_URL": f"sqlite:///{folder}/x.db", "LIANBAO_TODAY": "2026-11-23"}
    command = [sys.executable, "-m", "bot.cli", "childcare", "import", *arguments]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)


def test_a_list_is_tried_taken_in_and_refused_with_a_line_a_fault(tmp_path):
    good, bad = tmp_path / "good.xlsx", tmp_path / "bad.csv"
    good.write_bytes(as_xlsx([row(1), row(2)]))
    bad.write_bytes(as_csv([row(1, 收费="900"), row(3, 备案日期="昨天"), row(4, 纬度="40", 经度="116")], "gb18030"))
    tried = run(tmp_path, str(good), "--dry-run")
    assert tried.returncode == 0 and tried.stdout.startswith("（试运行，没有写入）新增 2 家，变更 0 家，下架 0 家，不变 0 家。"), (
        tried.stderr
    )
    done = run(tmp_path, str(good))
    assert done.returncode == 0 and "新增 虚构甲1托育园" in done.stdout
    refused = run(tmp_path, str(bad))
    assert refused.returncode == 1 and refused.stdout == ""
    lines = [line for line in refused.stderr.splitlines() if line.startswith(("第", "共"))]
    assert [line[:5] for line in lines] == ["第 3 行", "第 4 行", "共 2 处"]
    assert "不变 2 家" in run(tmp_path, str(good)).stdout  # the good row of the bad file was not taken in


def test_what_changed_is_told_in_the_words_of_the_list(tmp_path):
    first, then = tmp_path / "first.csv", tmp_path / "then.csv"
    first.write_bytes(as_csv([row(1, 机构类型="托育机构", 服务形式="全日托", 是否普惠="是", 收费="1200-1500")]))
    then.write_bytes(as_csv([row(1, 机构类型="社区", 服务形式="半日托、计时托", 是否普惠="否", 收费="900-1500")]))
    assert run(tmp_path, str(first)).returncode == 0
    (line,) = (line for line in run(tmp_path, str(then)).stdout.splitlines() if line.startswith("变更 "))
    assert (
        line.split("）：", 1)[1] == "机构类型 托育机构 → 社区托育；服务形式 全日托 → 半日托、计时托；普惠 是 → 否；收费（最低） 1200 → 900"
    )


def test_a_file_that_is_not_there_is_one_line(tmp_path):
    missing = run(tmp_path, str(tmp_path / "none.csv"))
    assert missing.returncode == 1 and "找不到文件" in missing.stderr and "Traceback" not in missing.stderr
