import Torch

nonisolated(unsafe) let lossCalls: [String: ModuleFactory] = [:]
