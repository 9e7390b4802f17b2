"""Runs small jobs under a launcher and prints what can be observed from outside, as JSON.

    launcher_cases.py torchrun --no-python
    launcher_cases.py lockstep run

The workers are shell scripts, so that both launchers run the same programs.
"""

import argparse
import json
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import tempfile

LIMIT = 120
NOISE = ("TORCH", "PET_", "RANK", "WORLD_SIZE", "MASTER_", "OMP_NUM_THREADS", "LOCAL_", "GROUP_", "ROLE_", "CUDA_VISIBLE")
SHOW = "import os, sys; print('ARGV', [os.fsencode(a).hex() for a in sys.argv[1:]])"
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Cases:
    def __init__(self, launcher):
        self.launcher = launcher
        self.base = {k: v for k, v in os.environ.items() if not k.startswith(NOISE)}

    def run(self, *arguments, environment=None, **options):
        """The exit code and the output of a job."""
        result = subprocess.run(
            [*self.launcher, *arguments], env={**self.base, **(environment or {})}, timeout=LIMIT,
            stdin=subprocess.DEVNULL, capture_output=True, **options)
        return result.returncode, result.stdout.decode(errors="replace"), result.stderr.decode(errors="replace")

    def arguments(self):
        """The bytes of the arguments that arrive, for several command lines."""
        vectors = [
            [b"caf\xe9", b"\xff\xfe", "Zürich 東京".encode()], [b"--", b"a"], [b"a", b"--", b"b"],
            [b"--nproc-per-node", b"7", b"-h", b"", b"a b", b"*", b"--help"],
            [b"${local_rank}", b"x=${local_rank}\xe9"],
        ]
        seen = []
        for vector in vectors:
            with tempfile.TemporaryDirectory() as folder:
                path = f"{folder}/show"
                with open(path, "w") as script:
                    script.write(f"#!{sys.executable}\n{SHOW}\n")
                os.chmod(path, 0o755)
                code, output, _ = self.run("--nproc-per-node", "1", path, *vector)
            seen.append([code, *re.findall(r"ARGV (.*)", output)])
        return seen

    def environment(self):
        """The variables of two workers, without those whose values differ in each job."""
        code, output, _ = self.run(
            "--nproc-per-node", "2", "--max-restarts", "3", "--role", "trainer", "--rdzv-backend", "c10d",
            "--rdzv-endpoint", "localhost:0", "--rdzv-id", "job7", "sh", "-c",
            "env | grep -E '^(RANK|LOCAL_|GROUP_|ROLE_|WORLD_|TORCHELASTIC_|TORCH_NCCL|MASTER_)' > $OUT/$RANK",
            environment={"OUT": (folder := tempfile.mkdtemp())})
        values = {}
        for rank in ("0", "1"):
            lines = open(f"{folder}/{rank}").read().splitlines()
            values[rank] = dict(line.split("=", 1) for line in lines)
            for name in ("MASTER_PORT", "MASTER_ADDR", "TORCHELASTIC_ERROR_FILE", "TORCHELASTIC_SIGNALS_TO_HANDLE"):
                values[rank][name] = "set" if values[rank].get(name) else "missing"
        return [code, values]

    def run_ids(self):
        """Whether the job's id is random, for several combinations of options."""
        kinds = {}
        for options in ("", "--standalone", "--node-rank=1", "--master-addr=127.0.0.1", "--master-port=0",
                        "--rdzv-backend=c10d --rdzv-endpoint=localhost:0",
                        "--rdzv-backend=c10d --rdzv-endpoint=localhost:0 --rdzv-id=abc"):
            code, output, errors = self.run(*options.split(), "sh", "-c", "echo ID=$TORCHELASTIC_RUN_ID")
            found = re.findall(r"ID=(.*)", output)
            kinds[options] = [code, "random" if found and UUID.fullmatch(found[0]) else found]
        return kinds

    def accepted(self):
        """The exit codes of jobs whose options are unusual."""
        return {
            options: self.run(*options.split(), "true")[0] for options in (
                "--master-port 0", "--nnodes 1 --node-rank 1", "--nnodes=1:1 --standalone",
                "--rdzv-backend c10d --rdzv-endpoint localhost:0 --rdzv-conf no_such_key=1,join_timeout=60",
                "--max-rest 1 --stand", "--rdzv_back c10d --rdzv_end localhost:0", "--tee=0:3 --redirects 0:1")}

    def refused(self):
        """Whether jobs fail that cannot run."""
        return {
            command: self.run(*command.split())[0] != 0 for command in (
                "--nproc-per-node x true", "--nnodes 2:1 true", "--nnodes 0 true", "--max-restarts=-1 true",
                "--no-such-option true", "--r 3 true", "--tee 9 true", "/no/such/program", "false", "--module --no-python x")}

    def health_check_port(self):
        """Two launchers with one port for health checks, at the same time."""
        with socket.socket() as probe:
            probe.bind(("", 0))
            port = str(probe.getsockname()[1])
        environment = {**self.base, "TORCHELASTIC_HEALTH_CHECK_PORT": port}
        jobs = [subprocess.Popen([*self.launcher, "sleep", "3"], env=environment, stderr=subprocess.DEVNULL)
                for _ in range(2)]
        return [job.wait(LIMIT) for job in jobs]

    def watchdog(self):
        """A worker whose timer expires, started with torchelastic's own client."""
        script = ("import time; from torch.distributed.elastic.timer import FileTimerClient; import os\n"
                  "client = FileTimerClient(os.environ['TORCHELASTIC_TIMER_FILE'])\n"
                  "client.acquire('kept', time.time() + 1); client.release('kept')\n"
                  "time.sleep(2); print('ALIVE', flush=True)\n"
                  "client.acquire('expired', time.time()); time.sleep(60); print('LATE', flush=True)\n")
        code, output, _ = self.run(
            sys.executable, "-c", script, environment={"TORCHELASTIC_ENABLE_FILE_TIMER": "1"})
        return ["ALIVE" in output, "LATE" in output, code != 0]

    def filters(self):
        """The lines of the filtered logs, for several selections."""
        found = {}
        for options in ("--tee 0:1,1:2", "--tee 3", "--tee 3 --local-ranks-filter 1", "--redirects 3"):
            with tempfile.TemporaryDirectory() as folder:
                code, _, _ = self.run(
                    "--nproc-per-node", "2", "--log-dir", folder, *options.split(), "--duplicate-stdout-filters",
                    "loss", "--duplicate-stderr-filters", "bad", "sh", "-c",
                    "echo loss $RANK; echo other; echo bad $RANK >&2; sleep 1")
                lines = {}
                for parent, _, names in os.walk(folder):
                    for name in names:
                        if name.startswith("filtered"):
                            text = open(os.path.join(parent, name)).read()
                            lines[name] = sorted(text.splitlines())
                found[options] = [code, lines]
        return found

    def log_files(self):
        """The files below the log folder of a job that is restarted once, and their text."""
        with tempfile.TemporaryDirectory() as folder:
            code, _, _ = self.run(
                "--nproc-per-node", "2", "--max-restarts", "1", "--log-dir", folder, "--redirects", "0:3", "--tee",
                "1:1", "sh", "-c",
                "echo out $RANK; echo err $RANK >&2; sleep 1; exit $((1 - TORCHELASTIC_RESTART_COUNT))")
            texts = {}
            for parent, _, names in os.walk(folder):
                for name in names:
                    path = os.path.join(parent, name)
                    texts["/".join(os.path.relpath(path, folder).split("/")[1:])] = open(path).read()
            return [code, texts]

    def terminal(self):
        """Which streams of a worker are terminals when those of the launcher are."""
        script = "for i in 1 2; do [ -t $i ] && echo TTY=$i; done; true"
        seen = {}
        for options in ("--nproc-per-node 1", "--redirects 1", "--tee 2"):
            pid, terminal = pty.fork()
            if pid == 0:
                os.environ.clear()
                os.environ.update(self.base)
                os.execvp(self.launcher[0], [*self.launcher, *options.split(), "sh", "-c", script])
            output = b""
            try:
                while text := os.read(terminal, 4096):
                    output += text
            except OSError:
                pass
            os.waitpid(pid, 0)
            seen[options] = re.findall(r"TTY=(\d)", output.decode(errors="replace"))
        return seen

    def error_file(self):
        """The launcher's own error file after workers failed."""
        content = r'{\"message\": {\"message\": \"boom\", \"extraInfo\": {\"timestamp\": \"5\", \"x\": [1]}}}'
        seen = {}
        for end in ("exit 3", "kill -9 0", "exit 0"):
            with tempfile.TemporaryDirectory() as folder:
                path = f"{folder}/launcher.json"
                self.run("sh", "-c", f'echo "{content}" > $TORCHELASTIC_ERROR_FILE; {end}',
                         environment={"TORCHELASTIC_ERROR_FILE": path})
                seen[end] = json.load(open(path)) if os.path.exists(path) else None
        return seen

    def events(self):
        """Source, state, error and exit code of the events of jobs."""
        seen = {}
        for name, script in (("success", "true"), ("exit", "[ $RANK = 0 ] || { sleep 0.5; exit 3; }"),
                             ("kill", "[ $RANK = 0 ] || { sleep 0.5; kill -9 0; }"),
                             ("file", "[ $RANK = 0 ] || { sleep 0.5; echo '{\"message\": {\"message\": \"boom\", "
                              "\"extraInfo\": {\"timestamp\": \"5\"}}}' > $TORCHELASTIC_ERROR_FILE; exit 4; }")):
            _, output, errors = self.run(
                "--nproc-per-node", "2", "--event-log-handler", "console", "sh", "-c", script)
            events = []
            for line in (output + errors).splitlines():
                start = line.find('{"')
                try:
                    event = json.loads(line[start:]) if start >= 0 else {}
                except ValueError:
                    continue
                if not str(event.get("name", "")).startswith("torchelastic."):
                    continue
                metadata = event["metadata"]
                details = json.loads(metadata["metadata"])
                raw = metadata["raw_error"]
                events.append({
                    "source": event["source"], "state": metadata["state"], "rank": metadata["global_rank"],
                    "exit": details.get("exit_code"), "error": json.loads(raw) if raw else None,
                    "keys": sorted(metadata)})
            seen[name] = events
        return seen

    def restarts(self):
        """The restart counts that workers see, and whether the job succeeds."""
        code, output, _ = self.run(
            "--max-restarts", "3", "sh", "-c", "echo COUNT=$TORCHELASTIC_RESTART_COUNT/$TORCHELASTIC_MAX_RESTARTS; "
            "[ $TORCHELASTIC_RESTART_COUNT = 2 ]")
        return [code, re.findall(r"COUNT=(.*)", output)]

    def prefixes(self):
        """Lines of workers with a template for their prefix."""
        code, output, _ = self.run(
            "--nproc-per-node", "2", "--role", "r", "--tee", "3", "sh", "-c", "echo line; sleep 0.5",
            environment={"TORCHELASTIC_LOG_LINE_PREFIX_TEMPLATE": "<${role_name}/${local_rank}/${rank}>"})
        return [code, sorted(output.split())]

    def sigterm(self):
        """Whether SIGTERM to the launcher reaches the workers, and ends the launcher with an error."""
        with tempfile.TemporaryDirectory() as folder:
            job = subprocess.Popen(
                [*self.launcher, "sh", "-c",
                 f"trap 'echo > {folder}/got; exit 5' TERM; echo > {folder}/ready; sleep 60 & wait"],
                env=self.base, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
            for _ in range(LIMIT * 10):
                if os.path.exists(f"{folder}/ready"):
                    break
                subprocess.run(["sleep", "0.1"], check=True)
            job.send_signal(signal.SIGTERM)
            code = job.wait(LIMIT)
            return [os.path.exists(f"{folder}/got"), code != 0]


NAMES = ["arguments", "environment", "run_ids", "accepted", "refused", "health_check_port", "watchdog", "filters",
         "log_files", "terminal", "error_file", "events", "restarts", "prefixes", "sigterm"]


def main():
    # A thread of the caller that blocks signals would pass that on to the launchers.
    signal.pthread_sigmask(signal.SIG_SETMASK, set())
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--case", action="append", choices=NAMES, help="only this case; may be repeated")
    parser.add_argument("launcher", nargs=argparse.REMAINDER, help="the launcher and its first arguments")
    options = parser.parse_args()
    cases = Cases(options.launcher)
    print(json.dumps({name: getattr(cases, name)() for name in options.case or NAMES}))


if __name__ == "__main__":
    main()
