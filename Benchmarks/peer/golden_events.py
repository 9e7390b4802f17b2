"""Prints, in hexadecimal, the event file that TensorBoard's own writer makes of some events; the golden
bytes of Tests/TrainingTests/Metrics/TensorBoardFileTests.swift.
"""

import argparse
import io

from tensorboard.compat.proto import event_pb2, summary_pb2, tensor_pb2, tensor_shape_pb2
from tensorboard.summary.writer.record_writer import RecordWriter

argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()

time = 1767225600.25
Value = summary_pb2.Summary.Value
text = Value(
    tag="hyperparameters",
    tensor=tensor_pb2.TensorProto(
        dtype=7,
        tensor_shape=tensor_shape_pb2.TensorShapeProto(
            dim=[tensor_shape_pb2.TensorShapeProto.Dim(size=1)]
        ),
        string_val=[b"| option | value |\n|---|---|\n| epochs | 4 |\n| seed | 42 |"],
    ),
    metadata=summary_pb2.SummaryMetadata(
        plugin_data=summary_pb2.SummaryMetadata.PluginData(plugin_name="text")
    ),
)
events = [
    event_pb2.Event(wall_time=time, file_version="brain.Event:2"),
    event_pb2.Event(
        wall_time=time, step=300,
        session_log=event_pb2.SessionLog(status=event_pb2.SessionLog.START),
    ),
    event_pb2.Event(wall_time=time, summary=summary_pb2.Summary(value=[text])),
    event_pb2.Event(
        wall_time=time, step=0, summary=summary_pb2.Summary(value=[Value(tag="loss", simple_value=0)])
    ),
    event_pb2.Event(
        wall_time=time, step=70000,
        summary=summary_pb2.Summary(
            value=[Value(tag="train/loss", simple_value=0.1), Value(tag="ü", simple_value=-1e30)]
        ),
    ),
]
file = io.BytesIO()
writer = RecordWriter(file)
for event in events:
    writer.write(event.SerializeToString())
print(file.getvalue().hex())
