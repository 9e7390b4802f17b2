"""A worker that fails under @record: what it raises belongs in the launcher's error file and report.

    torchrun --standalone --nproc-per-node 2 record_error.py [--rank 1] [--message boom]
"""

import argparse
import os
import time

from torch.distributed.elastic.multiprocessing.errors import record


@record
def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rank", type=int, default=1, help="the rank that fails; the others wait")
    parser.add_argument("--message", default="boom")
    arguments = parser.parse_args()
    if int(os.environ["RANK"]) == arguments.rank:
        raise ValueError(arguments.message)
    time.sleep(60)


if __name__ == "__main__":
    main()
