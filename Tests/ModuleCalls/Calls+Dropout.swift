import Torch

nonisolated(unsafe) let dropoutCalls: [String: ModuleFactory] = [
  "Dropout": { ModuleCall(Dropout(try $0.double(0, "p", default: 0.5))) },
  "Dropout1d": { ModuleCall(Dropout1d(try $0.double(0, "p", default: 0.5))) },
  "Dropout2d": { ModuleCall(Dropout2d(try $0.double(0, "p", default: 0.5))) },
  "Dropout3d": { ModuleCall(Dropout3d(try $0.double(0, "p", default: 0.5))) },
  "AlphaDropout": { ModuleCall(AlphaDropout(try $0.double(0, "p", default: 0.5))) },
  "FeatureAlphaDropout": { ModuleCall(FeatureAlphaDropout(try $0.double(0, "p", default: 0.5))) },
]
