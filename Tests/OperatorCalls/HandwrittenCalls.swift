import Torch

/// Functions of `Tensor` that are written by hand.
nonisolated(unsafe) let handwritten: [String: (OperatorCall) throws -> [Tensor]] = [
  "to.dtype": { call in try [call.tensor(0).to(call.dtype(1))] },
  "to.device": { call in try [call.tensor(0).to(call.dtype(2))] },
  "contiguous": { call in try [call.tensor(0).contiguous()] },
  "detach": { call in try [call.tensor(0).detach()] },
]
