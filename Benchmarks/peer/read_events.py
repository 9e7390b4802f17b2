"""Prints what TensorBoard reads from a folder of event files, as one JSON object:

    {"scalars": {"train/loss": [[0, 0.5, 1767225600.25]]}, "texts": {"hyperparameters": ["…"]}}
"""

import argparse
import json

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("folder", help="the folder that is given to tensorboard --logdir")
events = EventAccumulator(parser.parse_args().folder, size_guidance={"scalars": 0})
events.Reload()
print(json.dumps({
    "scalars": {
        tag: [[e.step, e.value, e.wall_time] for e in events.Scalars(tag)]
        for tag in events.Tags()["scalars"]
    },
    "texts": {
        tag: [e.tensor_proto.string_val[0].decode() for e in events.Tensors(tag)]
        for tag in events.Tags()["tensors"]
    },
}))
