import DataParallel

/// A training setup; its properties are the keys that `Benchmarks/peer/ddp_cases.py` reads.
struct DataParallelCase: Encodable, Sendable {
  var name: String
  var model = "mlp"
  /// The number of steps of each rank.
  var steps = [20, 20]
  var bucketBytes = 512
  var bucketBytesList: [Int] = []
  var findsUnused = false
  var staticGraph = false
  var lastIsSmall = false
  var skipsUnused = false
  var copiesBuffers = true
  var ignored: [String] = []
  /// Pairs of rank and step that skip the second layer; step -1 means all steps.
  var skips: [[Int]] = []
  var noSync = false
  var divides = true
  var hook: String?
  var optimizer = "sgd"
  /// The largest allowed difference of a weight from PyTorch's.
  var tolerance: Float = 2e-6

  var options: DistributedDataParallelOptions {
    var options = DistributedDataParallelOptions(
      bucketBytes: bucketBytes == 0 ? nil : bucketBytes, findsUnusedParameters: findsUnused,
      staticGraph: staticGraph)
    options.bucketBytesList = bucketBytesList
    options.smallBucketIsLast = lastIsSmall
    options.skipsUnusedBuckets = skipsUnused
    options.broadcastsBuffers = copiesBuffers
    options.parametersToIgnore = Set(ignored)
    return options
  }

  private static let hooks = [
    "allreduce", "float16", "float16 wrapper", "bfloat16", "bfloat16 wrapper", "noop",
    "quantization",
    "quantization of 512", "power1", "power2", "power4", "batched1", "batched2", "batched4",
  ]

  static let all: [DataParallelCase] =
    [
      Self(name: "plain"), Self(name: "default buckets", bucketBytes: 0),
      Self(name: "one bucket each", bucketBytes: 1),
      Self(name: "list", bucketBytesList: [64, 600, 1100]),
      Self(name: "list, small last", bucketBytesList: [64, 600, 1100], lastIsSmall: true),
      Self(name: "cnn", model: "cnn", bucketBytes: 128), Self(name: "no sync", noSync: true),
      Self(name: "find, all used", findsUnused: true),
      Self(name: "find, never used", findsUnused: true, skips: [[0, -1], [1, -1]]),
      Self(
        name: "find, used by turns", findsUnused: true,
        skips: [[0, 1], [1, 2], [0, 3], [1, 3], [0, 7], [1, 9], [0, 12], [1, 12]]),
      Self(
        name: "find, skips", findsUnused: true, skipsUnused: true,
        skips: [[0, 1], [1, 2], [0, 3], [1, 3], [0, 7], [0, 12], [1, 12]]),
      Self(name: "own buffers", model: "cnn", copiesBuffers: false),
      Self(name: "ignored", ignored: ["head.bias", "first.weight"]),
      Self(name: "static", staticGraph: true),
      Self(name: "static, never used", staticGraph: true, skips: [[0, -1], [1, -1]]),
      Self(name: "join", steps: [14, 20]), Self(name: "join first", steps: [20, 15]),
      Self(name: "join, divides", steps: [17, 20], divides: false),
      Self(name: "join, find", steps: [17, 20], findsUnused: true),
      Self(name: "adamw", optimizer: "adamw"), Self(name: "zero", optimizer: "zero"),
      Self(name: "local", hook: "local", optimizer: "local"),
      Self(name: "hierarchical", hook: "local", optimizer: "hierarchical"),
      Self(name: "overlapped", optimizer: "overlapped"),
    ]
    + hooks.map { Self(name: "hook " + $0, bucketBytes: 0, hook: $0) }
    + hooks.map { Self(name: "buckets " + $0, hook: $0) }
    + [Self(name: "bert sgd", model: "bert", bucketBytes: 4096)]
    // AdamW normalizes gradients. A gradient that is only rounding error, like that of the bias of
    // attention keys, therefore moves a weight as far as any other.
    + ["adamw", "zero"].map {
      Self(name: "bert " + $0, model: "bert", bucketBytes: 4096, optimizer: $0, tolerance: 1e-3)
    }
}
