"""The commands of `./dev`, after set-up."""

import sys

from portal.embedded import faults

USAGE = """用法 / usage: ./dev COMMAND

  run [--port N]        启动系统，Ctrl-C 停止 / start everything, Ctrl-C stops it
  test [pytest args]    快速测试 / the fast tests
  test --all            全部测试 / every test, browser and Debian's servers included
  check                 静态检查 / static checks
  manage …              Django 管理命令 / a Django command, with the servers up
  bench [NAME]          性能测量 / measurements against a floor of the same run
  drill NAME            演练 / drills that run outside the build
  screenshots [PAGE …]  主要页面的截图，写入 docs/screenshots / pictures of the main pages
  lock                  锁定依赖 / compile the requirements with hashes
"""


def main(arguments: list[str]) -> int:
    """Dispatch; the exit code is the process's own."""
    command, rest = (arguments[0], arguments[1:]) if arguments else ("help", [])
    if command in ("help", "-h", "--help"):
        print(USAGE)
        return 0
    try:
        return _do(command, rest)
    except faults.Fault as fault:
        print(fault, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _do(command: str, rest: list[str]) -> int:
    """One command. Each imports only what it needs."""
    match command:
        case "run":
            from portal.embedded.run import run

            return run(rest)
        case "manage":
            from portal.embedded.run import manage

            return manage(rest)
        case "test":
            from portal.embedded.testing import test

            return test(rest)
        case "check":
            from portal.embedded.checks import check

            return check()
        case "lock":
            from portal.embedded.checks import lock

            return lock()
        case "bench":
            from portal.bench.runner import bench

            return bench(rest)
        case "drill":
            from portal.embedded.drills import drill

            return drill(rest)
        case "screenshots":
            from portal.screenshots.run import screenshots

            return screenshots(rest)
    print(USAGE, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
