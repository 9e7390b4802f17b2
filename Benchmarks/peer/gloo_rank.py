"""One Python rank of a Gloo group whose other ranks may be written in another language.

    gloo_rank.py --rank 0 --world-size 2 --port 29500                # rank 0 hosts the TCPStore
    gloo_rank.py --rank 1 --world-size 2 --port 29500                # ... and rank 1 joins it
    gloo_rank.py --rank 0 --world-size 2 --port 29500 --no-host      # another process hosts it

Without --rank, RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT say the same (init method env://).

Rank r brings (r + 1) * [1, 2, ..., `--elements`] in float32. The ranks sum that up, and a broadcast of
rank 0's sum must then change nothing. Prints {"rank", "worldSize", "sum"} as JSON.

The group's keys lie below `default_pg/0//cpu/`: init_process_group puts the store that it made itself under
`default_pg`, the first group's name is `0`, and the names of the group and of the device end in a slash of
their own. A store that is passed to init_process_group is not put under `default_pg`.
"""

import argparse
import json
import os
from datetime import timedelta

import torch
import torch.distributed as dist


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rank", type=int, help="default: from the environment")
    parser.add_argument("--world-size", type=int, default=2)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=29500)
    parser.add_argument("--no-host", action="store_true", help="rank 0 does not host the store")
    parser.add_argument("--elements", type=int, default=4)
    parser.add_argument("--timeout", type=float, default=60, help="seconds")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    if arguments.no_host:
        # As under a launcher whose agent hosts the store: every rank is a client of it.
        os.environ["TORCHELASTIC_USE_AGENT_STORE"] = "True"
    where = "env://"
    if arguments.rank is not None:
        where = f"tcp://{arguments.host}:{arguments.port}"
        where += f"?rank={arguments.rank}&world_size={arguments.world_size}"
    dist.init_process_group("gloo", init_method=where, timeout=timedelta(seconds=arguments.timeout))

    rank = dist.get_rank()
    tensor = (rank + 1) * torch.arange(1, arguments.elements + 1, dtype=torch.float32)
    dist.all_reduce(tensor)
    from_first = tensor.clone()
    dist.broadcast(from_first, src=0)
    if not torch.equal(tensor, from_first):
        raise SystemExit(f"rank {rank} has {tensor.tolist()}, rank 0 has {from_first.tolist()}")
    dist.barrier()
    result = {"rank": rank, "worldSize": dist.get_world_size(), "sum": tensor.tolist()}
    print(json.dumps(result) + "\n", end="", flush=True)  # in one piece: ranks may share the output
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
