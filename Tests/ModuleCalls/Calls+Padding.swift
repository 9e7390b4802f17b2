import Torch

nonisolated(unsafe) let paddingCalls: [String: ModuleFactory] = [
  "ZeroPad1d": { ModuleCall(ZeroPad1d(try $0.integers(0, "padding"))) },
  "ZeroPad2d": { ModuleCall(ZeroPad2d(try $0.integers(0, "padding"))) },
  "ZeroPad3d": { ModuleCall(ZeroPad3d(try $0.integers(0, "padding"))) },
  "ReflectionPad1d": { ModuleCall(ReflectionPad1d(try $0.integers(0, "padding"))) },
  "ReflectionPad2d": { ModuleCall(ReflectionPad2d(try $0.integers(0, "padding"))) },
  "ReflectionPad3d": { ModuleCall(ReflectionPad3d(try $0.integers(0, "padding"))) },
  "ReplicationPad1d": { ModuleCall(ReplicationPad1d(try $0.integers(0, "padding"))) },
  "ReplicationPad2d": { ModuleCall(ReplicationPad2d(try $0.integers(0, "padding"))) },
  "ReplicationPad3d": { ModuleCall(ReplicationPad3d(try $0.integers(0, "padding"))) },
  "CircularPad1d": { ModuleCall(CircularPad1d(try $0.integers(0, "padding"))) },
  "CircularPad2d": { ModuleCall(CircularPad2d(try $0.integers(0, "padding"))) },
  "CircularPad3d": { ModuleCall(CircularPad3d(try $0.integers(0, "padding"))) },
  "ConstantPad1d": {
    ModuleCall(ConstantPad1d(try $0.integers(0, "padding"), try $0.double(1, "value")))
  },
  "ConstantPad2d": {
    ModuleCall(ConstantPad2d(try $0.integers(0, "padding"), try $0.double(1, "value")))
  },
  "ConstantPad3d": {
    ModuleCall(ConstantPad3d(try $0.integers(0, "padding"), try $0.double(1, "value")))
  },
]
