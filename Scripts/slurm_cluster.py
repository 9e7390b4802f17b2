"""A Slurm cluster of four nodes on this machine. Needs root, and Debian's slurm-wlm and munge.

Each node is a set of namespaces (network, processes, mounts, host name) with its own address, /dev/shm and slurmd.
The cluster runs in namespaces of its own, which the kernel removes together with all processes when the program
that created the cluster exits, however it exits: no daemon, interface or mount remains.
"""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

NODES = 4
ENTERED = "LOCKSTEP_SLURM_NAMESPACES"
PACKAGES = {"slurm-wlm": "22.05.8-4+deb12u3", "munge": "0.5.15-2+deb12u1"}
START_LIMIT = 60  # seconds until all nodes are idle

CONFIGURATION = """\
ClusterName=lockstep
SlurmctldHost=controller(10.78.0.254)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
# cred_expire is also the delay before a job that was requeued starts again: 120 s by default.
AuthInfo=socket={folder}/munge/socket,cred_expire=10
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/%n/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/%n/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/%n/slurmd.log
# Without control groups, which containers often lack.
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc={folder}/jobs.txt
MailProg=/bin/true
MpiDefault=none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
GresTypes=gpu
ReturnToService=2
SlurmdTimeout=10
SlurmctldTimeout=10
KillWait=10
SchedulerType=sched/builtin
SchedulerParameters=sched_interval=2
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
NodeName=node[1-{nodes}] NodeAddr=10.78.0.[1-{nodes}] CPUs=8 Gres=gpu:8 State=UNKNOWN
PartitionName=train Nodes=ALL Default=YES PriorityTier=1 PreemptMode=REQUEUE GraceTime=60
PartitionName=urgent Nodes=ALL PriorityTier=2 PreemptMode=OFF
"""


class ClusterError(Exception):
    """The cluster cannot be created, or one of Slurm's commands failed."""


def install():
    """Installs the packages if they are missing."""
    if all(shutil.which(command) for command in ("slurmctld", "slurmd", "munged", "sbatch")):
        return
    print("test-slurm: installing " + " ".join(PACKAGES), flush=True)
    packages = [f"{name}={version}" for name, version in PACKAGES.items()]
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]):
        if subprocess.run(command, env=environment, stdout=subprocess.DEVNULL).returncode != 0:
            raise ClusterError(f"'{' '.join(command)}' failed; see its message above")


def enter_namespaces():
    """Runs this program again as the first process of namespaces of its own; returns in that process only."""
    if os.environ.get(ENTERED) == "yes":
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda number, _: sys.exit(128 + number))
        return
    os.environ[ENTERED] = "yes"
    options = ["--mount", "--net", "--pid", "--uts", "--fork", "--kill-child", "--mount-proc"]
    os.execvp("unshare", ["unshare", *options, sys.executable, *sys.argv])


def run(*command, check=True):
    """The output of a command."""
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60)
    if check and result.returncode != 0:
        raise ClusterError(f"'{' '.join(command)}' failed with exit code {result.returncode}: {result.stdout.strip()}")
    return result.stdout


class Cluster:
    """Starts the controller and the nodes, and waits until the nodes accept jobs.

    The caller is in the namespaces that enter_namespaces() creates.
    """

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.processes = {}
        self.mount()
        self.configure()
        self.connect()
        self.start("munged", self.munge())
        self.wait(lambda: (self.folder / "munge/socket").exists(), "munged does not listen")
        self.start("slurmctld", ["slurmctld", "-D"])
        for node in range(1, NODES + 1):
            self.start_node(node)
        self.wait_until_idle()

    # The parts

    def mount(self):
        """The files that the namespaces hide: host names, Slurm's configuration, names of network namespaces."""
        names = ["127.0.0.1 localhost", "10.78.0.254 controller"]
        names += [f"10.78.0.{node} node{node}" for node in range(1, NODES + 1)]
        (self.folder / "hosts").write_text("\n".join(names) + "\n")
        run("hostname", "controller")
        for folder in (pathlib.Path("/etc/slurm"), pathlib.Path("/run/netns"), self.folder / "etc"):
            folder.mkdir(parents=True, exist_ok=True)
        run("mount", "--bind", str(self.folder / "hosts"), "/etc/hosts")
        run("mount", "--bind", str(self.folder / "etc"), "/etc/slurm")
        run("mount", "-t", "tmpfs", "tmpfs", "/run/netns")

    def configure(self):
        for name in ("state", "munge", *(f"node{node}/spool" for node in range(1, NODES + 1))):
            (self.folder / name).mkdir(parents=True)
        (self.folder / "munge").chmod(0o700)
        key = self.folder / "munge/key"
        key.write_bytes(os.urandom(1024))
        key.chmod(0o400)
        for gpu in range(8):  # Slurm counts files; no program opens them
            (self.folder / f"gpu{gpu}").touch()
        etc = self.folder / "etc"
        (etc / "slurm.conf").write_text(CONFIGURATION.format(folder=self.folder, nodes=NODES))
        (etc / "gres.conf").write_text(f"Name=gpu File={self.folder}/gpu[0-7]\n")
        (etc / "cgroup.conf").write_text("CgroupAutomount=no\n")

    def connect(self):
        """A bridge with the controller's address, and a link from it to each node."""
        run("ip", "link", "set", "lo", "up")
        run("ip", "link", "add", "bridge", "type", "bridge")
        run("ip", "address", "add", "10.78.0.254/24", "dev", "bridge")
        run("ip", "link", "set", "bridge", "up")
        for node in range(1, NODES + 1):
            name = f"node{node}"
            run("ip", "netns", "add", name)
            run("ip", "link", "add", "eth0", "netns", name, "type", "veth", "peer", "name", f"port{node}")
            run("ip", "link", "set", f"port{node}", "master", "bridge", "up")
            run("ip", "-n", name, "address", "add", f"10.78.0.{node}/24", "dev", "eth0")
            run("ip", "-n", name, "link", "set", "eth0", "up")
            run("ip", "-n", name, "link", "set", "lo", "up")

    def munge(self):
        folder = self.folder / "munge"
        files = [f"--{name}={folder / name}" for name in ("socket",)]
        files += [f"--{name}-file={folder / name}" for name in ("key", "log", "pid", "seed")]
        return ["munged", "--foreground", "--force", *files]

    # Processes

    def start(self, name, command):
        with open(self.folder / f"{name}.out", "ab") as output:
            self.processes[name] = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
            )

    def start_node(self, node):
        """Starts a node's slurmd as the first process of the node, and connects its link."""
        run("ip", "link", "set", f"port{node}", "up")
        name = f"node{node}"
        script = f"hostname {name} && mount -t tmpfs tmpfs /dev/shm && slurmd -D -N {name} & wait"
        namespaces = ["unshare", "--mount", "--pid", "--uts", "--fork", "--kill-child", "--mount-proc"]
        self.start(name, ["nsenter", f"--net=/run/netns/{name}", *namespaces, "bash", "-c", script])

    def lose_node(self, node):
        """Cuts a node's link and kills all its processes, as a loss of power does."""
        run("ip", "link", "set", f"port{node}", "down")
        process = self.processes.pop(f"node{node}")
        process.kill()
        process.wait()

    def pids(self, node, program):
        """The processes of a node that run a program."""
        network = os.stat(f"/run/netns/node{node}").st_ino
        found = []
        for folder in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                if os.stat(folder / "ns/net").st_ino == network and os.path.basename(os.readlink(folder / "exe")) == program:
                    found.append(int(folder.name))
            except OSError:  # it has exited
                continue
        return sorted(found)

    def kill(self, node, program):
        """Sends SIGKILL to the first process of a node that runs a program."""
        pids = self.pids(node, program)
        if not pids:
            raise ClusterError(f"no process of node{node} runs {program}")
        os.kill(pids[0], signal.SIGKILL)

    # Slurm

    def states(self):
        """The state of each node: `idle`, `alloc`, `down*` …"""
        return dict(line.split() for line in run("sinfo", "-h", "-N", "-p", "train", "-o", "%n %t", check=False).splitlines() if len(line.split()) == 2)

    def wait_until_idle(self):
        idle = {f"node{node}": "idle" for node in range(1, NODES + 1)}
        self.wait(lambda: self.states() == idle, "not all nodes are idle")

    def wait(self, condition, failure, limit=START_LIMIT):
        """Waits until a condition holds."""
        end = time.monotonic() + limit
        while not condition():
            for name, process in self.processes.items():
                if process.poll() is not None:
                    output = (self.folder / f"{name}.out").read_text(errors="replace")
                    raise ClusterError(f"{name} exited with code {process.returncode}: {output[-1500:]}")
            if time.monotonic() > end:
                raise ClusterError(f"{failure} after {limit} s; nodes: {self.states()}; the logs are in {self.folder}")
            time.sleep(0.2)

    def submit(self, folder, *arguments, environment=None):
        """Submits a batch job that runs in a folder; returns its number."""
        result = subprocess.run(
            ["sbatch", "--parsable", f"--chdir={folder}", *map(str, arguments)],
            env=os.environ | (environment or {}), capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        if result.returncode != 0:
            raise ClusterError(f"sbatch failed: {result.stderr.strip()}")
        return int(result.stdout)

    def job(self, number):
        """The properties of a job that `scontrol show job` prints."""
        return dict(re.findall(r"(\w+)=(\S*)", run("scontrol", "-o", "show", "job", str(number))))
