// swift-tools-version: 6.2
import PackageDescription

// Scripts/setup writes this file; it carries the include and library folders of libtorch, so that
// neither this package nor one that depends on it needs unsafe flags or environment variables.
let libtorch = Context.packageDirectory + "/.deps/libtorch.pc"

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "lockstep",
  products: [
    .library(
      name: "Lockstep",
      targets: [
        "Torch", "Collectives", "TorchCollectives", "DataParallel", "DataLoading", "Training",
        "Transformers", "WorkerFailures", "Elastic",
      ]),
    .library(name: "Elastic", targets: ["Elastic"]),
    .executable(name: "lockstep", targets: ["lockstep"]),
    .executable(name: "toy-single", targets: ["ToySingle"]),
    .executable(name: "toy-ddp", targets: ["ToyDDP"]),
    .executable(name: "toy-elastic", targets: ["ToyElastic"]),
    .executable(name: "finetune-bert", targets: ["FinetuneBERT"]),
    .executable(name: "fashion-mnist", targets: ["FashionMNIST"]),
    .executable(name: "collectives-bench", targets: ["CollectivesBench"]),
    .executable(name: "store-bench", targets: ["StoreBench"]),
    .executable(name: "test-rank", targets: ["TestRank"]),
    .executable(name: "test-worker", targets: ["TestWorker"]),
    .executable(name: "test-spawner", targets: ["TestSpawner"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
  ],
  targets: [
    // libtorch
    .systemLibrary(name: "CLibtorch", pkgConfig: libtorch),
    .target(
      name: "CTorch", dependencies: ["CLibtorch", "CKernels"],
      cxxSettings: [.headerSearchPath("gloo-declarations")]),
    .target(name: "CKernels"),
    .target(
      name: "Torch", dependencies: ["CTorch", "CKernels", "WorkerFailures"], swiftSettings: strict),
    .target(name: "Transformers", dependencies: ["Torch"], swiftSettings: strict),

    // Processes, stores and groups: no libtorch
    .target(name: "WorkerFailures", swiftSettings: strict),
    .target(
      name: "Collectives",
      dependencies: [
        "CSignals", "CSharedMemory",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: strict),
    .target(name: "CSignals"),
    .target(name: "CNCCL"),
    .target(name: "CSharedMemory"),
    .target(name: "CSpawn"),
    .target(
      name: "Elastic",
      dependencies: [
        "Collectives", "CSpawn", "WorkerFailures",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: strict),
    .target(name: "CArrow", exclude: ["ArrowShim.cpp"]),
    .target(name: "DataLoading", dependencies: ["CArrow"], swiftSettings: strict),

    // Training on top of both
    .target(
      name: "TorchCollectives", dependencies: ["CTorch", "CNCCL", "Torch", "Collectives"],
      swiftSettings: strict),
    .target(
      name: "DataParallel",
      dependencies: ["Torch", "Collectives", "TorchCollectives", "DataLoading"],
      swiftSettings: strict),
    .target(
      name: "Training", dependencies: ["Torch", "Collectives", "DataParallel", "DataLoading"],
      swiftSettings: strict),

    // Programs
    .executableTarget(
      name: "lockstep", dependencies: ["Elastic", argumentParser],
      swiftSettings: strict),
    .executableTarget(
      name: "ToySingle", dependencies: ["Torch", "DataLoading", argumentParser],
      path: "Examples/ToySingle", swiftSettings: strict),
    .executableTarget(
      name: "ToyDDP",
      dependencies: [
        "Torch", "Collectives", "TorchCollectives", "DataParallel", "DataLoading", "Elastic",
        argumentParser,
      ],
      path: "Examples/ToyDDP", swiftSettings: strict),
    .executableTarget(
      name: "ToyElastic",
      dependencies: [
        "Torch", "Collectives", "TorchCollectives", "DataParallel", "DataLoading", "Training",
        "WorkerFailures", argumentParser,
      ],
      path: "Examples/ToyElastic", swiftSettings: strict),
    .executableTarget(
      name: "FinetuneBERT",
      dependencies: [
        "Torch", "Collectives", "TorchCollectives", "DataParallel", "DataLoading", "Training",
        "Transformers", "WorkerFailures", argumentParser,
      ],
      path: "Examples/FinetuneBERT", swiftSettings: strict),
    .executableTarget(
      name: "FashionMNIST",
      dependencies: [
        "Torch", "Collectives", "TorchCollectives", "DataParallel", "DataLoading", "Training",
        "WorkerFailures", argumentParser,
      ],
      path: "Examples/FashionMNIST", swiftSettings: strict),
    .executableTarget(
      name: "CollectivesBench", dependencies: ["Collectives"],
      path: "Benchmarks/CollectivesBench", swiftSettings: strict),
    .executableTarget(
      name: "StoreBench", dependencies: ["Collectives"], path: "Benchmarks/StoreBench",
      swiftSettings: strict),
    .executableTarget(
      name: "SnapshotStall", dependencies: ["Torch", "Training", "DataLoading"],
      path: "Benchmarks/SnapshotStall", swiftSettings: strict),
    .executableTarget(
      name: "DDPStep",
      dependencies: ["Collectives", "DataParallel", "Torch", "Transformers", argumentParser],
      path: "Benchmarks/DDPStep", swiftSettings: strict),
    .executableTarget(
      name: "BertStep", dependencies: ["Torch", "Transformers", argumentParser],
      path: "Benchmarks/BertStep", swiftSettings: strict),
    .executableTarget(
      name: "Tokenize", dependencies: ["Transformers"],
      path: "Benchmarks/Tokenize", swiftSettings: strict),
    .executableTarget(
      name: "PrepareReviews", dependencies: ["DataLoading", "Transformers"],
      path: "Benchmarks/PrepareReviews", swiftSettings: strict),
    .executableTarget(
      name: "FuzzReaders", dependencies: ["DataLoading"], path: "Benchmarks/FuzzReaders",
      swiftSettings: strict),

    // Tests mirror Sources
    .target(
      name: "RankHarness",
      dependencies: [
        "DataParallel", "TorchCollectives", "Collectives", "CollectiveConformance", "Torch",
      ],
      path: "Tests/RankHarness", swiftSettings: strict),
    .target(
      name: "CollectiveConformance", dependencies: ["Collectives"],
      path: "Tests/CollectiveConformance", swiftSettings: strict),
    .target(name: "NCCLStandIn", dependencies: ["CNCCL"], path: "Tests/NCCLStandIn"),
    .target(name: "FakeAccelerator", dependencies: ["CLibtorch"], path: "Tests/FakeAccelerator"),
    .target(
      name: "ProcessHarness", path: "Tests/ProcessHarness", swiftSettings: strict),
    .target(
      name: "OperatorCounter", dependencies: ["CLibtorch"], path: "Tests/OperatorCounter"),
    .executableTarget(
      name: "TestWorker", dependencies: ["Collectives", "TorchCollectives", "WorkerFailures"],
      path: "Tests/TestWorker", swiftSettings: strict),
    .executableTarget(
      name: "TestRank", dependencies: ["Collectives", "CollectiveConformance"],
      path: "Tests/TestRank",
      swiftSettings: strict),
    .executableTarget(
      name: "TestSpawner", dependencies: ["Elastic", "Collectives", "WorkerFailures"],
      path: "Tests/TestSpawner",
      swiftSettings: strict),
    .testTarget(
      name: "IntegrationTests",
      dependencies: [
        "ProcessHarness", "Torch", "Training", "Transformers", "TestWorker", "ToySingle", "ToyDDP",
        "ToyElastic", "Collectives", "FinetuneBERT", "FashionMNIST", "lockstep",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "PeerTests",
      dependencies: [
        "ProcessHarness", "RankHarness", "Torch", "Transformers", "Collectives",
        "TorchCollectives", "DataParallel", "DataLoading", "Training", "TestWorker", "ToySingle",
        "ToyDDP", "FinetuneBERT", "Tokenize", "lockstep",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "TorchTests", dependencies: ["Torch", "CTorch", "CKernels", "ProcessHarness"],
      swiftSettings: strict),
    .testTarget(
      name: "WorkerFailuresTests", dependencies: ["WorkerFailures"], swiftSettings: strict),
    .testTarget(
      name: "CollectivesTests",
      dependencies: [
        "Collectives", "CSharedMemory", "CollectiveConformance", "ProcessHarness", "TestRank",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "TorchCollectivesTests",
      dependencies: [
        "TorchCollectives", "DataParallel", "Collectives", "CNCCL", "CTorch", "Torch",
        "RankHarness", "CollectiveConformance", "NCCLStandIn", "FakeAccelerator",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "DataParallelTests",
      dependencies: [
        "DataParallel", "TorchCollectives", "Collectives", "Torch", "RankHarness",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ElasticTests",
      dependencies: ["Elastic", "WorkerFailures", "ProcessHarness", "TestSpawner", "lockstep"],
      swiftSettings: strict),
    .testTarget(
      name: "LockstepTests", dependencies: ["lockstep", "Elastic", argumentParser],
      swiftSettings: strict),
    .testTarget(
      name: "TrainingTests",
      dependencies: [
        "Training", "DataParallel", "DataLoading", "TorchCollectives", "Collectives", "Torch",
        "ProcessHarness", "RankHarness", "OperatorCounter",
      ],
      swiftSettings: strict),
    .testTarget(name: "DataLoadingTests", dependencies: ["DataLoading"], swiftSettings: strict),
    .testTarget(
      name: "TransformersTests", dependencies: ["Transformers", "Torch", "ProcessHarness"],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx20
)
