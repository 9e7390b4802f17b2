import Torch

nonisolated(unsafe) let shapeCalls: [String: ModuleFactory] = [
  "Identity": { _ in ModuleCall(Identity()) },
  "Flatten": {
    ModuleCall(
      Flatten(
        startDim: try $0.int(0, "start_dim", default: 1),
        endDim: try $0.int(1, "end_dim", default: -1)
      ))
  },
  "Unflatten": {
    ModuleCall(
      Unflatten(try $0.int(0, "dim"), try $0.integers(1, "unflattened_size").integers))
  },
  "PixelShuffle": { ModuleCall(PixelShuffle(try $0.int(0, "upscale_factor"))) },
  "PixelUnshuffle": { ModuleCall(PixelUnshuffle(try $0.int(0, "downscale_factor"))) },
  "ChannelShuffle": { ModuleCall(ChannelShuffle(try $0.int(0, "groups"))) },
  "Fold": {
    ModuleCall(
      Fold(
        try $0.integers(0, "output_size"), kernelSize: try $0.integers(1, "kernel_size"),
        dilation: try $0.integers(2, "dilation", default: 1),
        padding: try $0.integers(3, "padding", default: 0),
        stride: try $0.integers(4, "stride", default: 1)))
  },
  "Unfold": {
    ModuleCall(
      Unfold(
        try $0.integers(0, "kernel_size"), dilation: try $0.integers(1, "dilation", default: 1),
        padding: try $0.integers(2, "padding", default: 0),
        stride: try $0.integers(3, "stride", default: 1)))
  },
]
