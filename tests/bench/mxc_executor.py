"""The executor of MXC, to be measured beside ours."""
import os
import subprocess

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def mxc_executor(folder):
    """The command name of the real lxc-exec, kept below `folder`, or None and why not."""
    folder = os.path.join(folder, "mxc-sdk-0.8.0")
    done = subprocess.run(["sh", os.path.join(SOURCE, "tests", "mxc", "install.sh"), folder], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return None, (done.stdout + done.stderr).strip()
    return os.path.join(folder, "lxc-exec"), None
