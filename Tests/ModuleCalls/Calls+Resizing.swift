import Torch

nonisolated(unsafe) let resizingCalls: [String: ModuleFactory] = [
  "Upsample": {
    ModuleCall(
      Upsample(
        size: try $0.optionalIntegers(0, "size"),
        scaleFactor: try $0.optionalNumbers(1, "scale_factor"),
        mode: try $0.choice(2, "mode", default: .nearest),
        alignCorners: try $0.optionalBool(3, "align_corners"),
        recomputeScaleFactor: try $0.optionalBool(4, "recompute_scale_factor") ?? false))
  },
  "UpsamplingNearest2d": {
    ModuleCall(
      UpsamplingNearest2d(
        size: try $0.optionalIntegers(0, "size"),
        scaleFactor: try $0.optionalNumbers(1, "scale_factor")))
  },
  "UpsamplingBilinear2d": {
    ModuleCall(
      UpsamplingBilinear2d(
        size: try $0.optionalIntegers(0, "size"),
        scaleFactor: try $0.optionalNumbers(1, "scale_factor")))
  },
]
