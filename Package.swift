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
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")

/// A Swift module of the library, in Sources.
func module(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// A program in Examples; each needs the one import only.
func example(_ name: String) -> Target {
  .executableTarget(
    name: name, dependencies: ["Lockstep", argumentParser], path: "Examples/\(name)",
    swiftSettings: strict)
}

/// A program that tests start as a process.
func testProgram(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(
    name: name, dependencies: dependencies, path: "Tests/\(name)", swiftSettings: strict)
}

/// Tests of one module, or a library that they share.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let package = Package(
  name: "lockstep",
  products: [
    .library(name: "Lockstep", targets: ["Lockstep"]),
    .library(name: "Elastic", targets: ["Elastic"]),
    .executable(name: "lockstep", targets: ["LockstepCommand"]),
    .executable(name: "toy-single", targets: ["ToySingle"]),
    .executable(name: "toy-ddp", targets: ["ToyDDP"]),
    .executable(name: "toy-elastic", targets: ["ToyElastic"]),
    .executable(name: "finetune-bert", targets: ["FinetuneBERT"]),
    .executable(name: "fashion-mnist", targets: ["FashionMNIST"]),
    .executable(name: "char-gpt", targets: ["CharGPT"]),
    .executable(name: "resnet", targets: ["ResNet"]),
    .executable(name: "gru-regression", targets: ["GRURegression"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
  ],
  targets: [
    // C, each for one module above it
    .systemLibrary(name: "CLibtorch", pkgConfig: libtorch),
    .target(
      name: "CTorch", dependencies: ["CLibtorch", "CKernels"],
      cxxSettings: [.headerSearchPath("gloo-declarations")]),
    .target(name: "CKernels"),
    .target(name: "CSupport"),
    .target(name: "CSignals"),
    .target(name: "CSharedMemory"),
    .target(name: "CSpawn"),
    .target(name: "CNCCL"),
    .target(name: "CArrow", exclude: ["ArrowShim.cpp"]),

    // Without libtorch: processes, stores, groups, data
    module("Support", ["CSupport", logging]),
    module("Worker", ["CSignals", "Support"]),
    module("Collectives", ["CSharedMemory", "Support", "Worker", nioCore, nioPosix]),
    module("Elastic", ["Collectives", "CSpawn", "Support", "Worker", nioCore, nioHTTP1, nioPosix]),
    module("DataLoading", ["CArrow", "Support"]),
    module("Tokenizers", ["Support"]),

    // On libtorch: tensors, models, training
    module("Torch", ["CTorch", "CKernels", "Support", "Worker"]),
    module("TorchCollectives", ["CTorch", "CNCCL", "Torch", "Collectives", "Support", "Worker"]),
    module("DataParallel", ["Torch", "Collectives", "TorchCollectives", "Support"]),
    module(
      "Training", ["Torch", "Collectives", "DataParallel", "DataLoading", "Support", "Worker"]),
    module("Transformers", ["Torch", "Tokenizers", "Support"]),
    module(
      "Lockstep",
      [
        "Collectives", "DataLoading", "DataParallel", "Elastic", "Support", "Tokenizers", "Torch",
        "TorchCollectives", "Training", "Transformers", "Worker",
      ]),

    // Programs
    .executableTarget(
      name: "LockstepCommand", dependencies: ["Elastic", "Support", argumentParser],
      swiftSettings: strict),
    example("ToySingle"),
    example("ToyDDP"),
    example("ToyElastic"),
    example("FinetuneBERT"),
    example("FashionMNIST"),
    example("CharGPT"),
    example("ResNet"),
    example("GRURegression"),

    // What tests share
    .target(
      name: "RankHarness",
      dependencies: [
        "DataParallel", "TorchCollectives", "Collectives", "CollectiveConformance", "Torch",
      ],
      path: "Tests/RankHarness", swiftSettings: strict),
    .target(
      name: "CollectiveConformance", dependencies: ["Collectives", "Support"],
      path: "Tests/CollectiveConformance", swiftSettings: strict),
    .target(name: "NCCLStandIn", dependencies: ["CNCCL"], path: "Tests/NCCLStandIn"),
    .target(name: "FakeAccelerator", dependencies: ["CLibtorch"], path: "Tests/FakeAccelerator"),
    .target(name: "ProcessHarness", path: "Tests/ProcessHarness", swiftSettings: strict),
    .target(
      name: "OperatorCounter", dependencies: ["CLibtorch"], path: "Tests/OperatorCounter"),
    testProgram("TestWorker", ["Collectives", "TorchCollectives", "Worker"]),
    testProgram(
      "TestEnding", ["Collectives", "DataLoading", "Torch", "TorchCollectives", "Worker"]),
    testProgram("TestRank", ["Collectives", "CollectiveConformance", "Support"]),
    testProgram("TestSpawner", ["Elastic", "Collectives", "Worker"]),
    testProgram("TokenizeTexts", ["Tokenizers"]),
    testProgram("OperatorCalls", ["Torch"]),
    testProgram("ModuleCalls", ["Torch"]),
    testProgram("OptimizerCalls", ["Torch"]),

    // Tests mirror Sources
    tests("SupportTests", ["Support", "CSupport"]),
    tests("WorkerTests", ["Worker", "Support", "ProcessHarness"]),
    tests(
      "CollectivesTests",
      [
        "Collectives", "CSharedMemory", "CollectiveConformance", "ProcessHarness", "Support",
        "TestRank", "Worker", nioCore, nioEmbedded,
      ]),
    tests(
      "ElasticTests",
      [
        "Collectives", "Elastic", "Worker", "ProcessHarness", "Support", "TestSpawner",
        "LockstepCommand",
      ]),
    tests("DataLoadingTests", ["DataLoading", "Support"]),
    tests("TokenizersTests", ["Tokenizers", "ProcessHarness"]),
    tests("TorchTests", ["Torch", "CTorch", "CKernels", "ProcessHarness", "Support"]),
    tests(
      "TorchCollectivesTests",
      [
        "TorchCollectives", "DataParallel", "Collectives", "CNCCL", "CTorch", "Torch",
        "RankHarness",
        "CollectiveConformance", "NCCLStandIn", "FakeAccelerator", "Support",
      ]),
    tests(
      "DataParallelTests",
      ["DataParallel", "TorchCollectives", "Collectives", "Torch", "RankHarness", "Support"]),
    tests(
      "TrainingTests",
      [
        "Training", "DataParallel", "DataLoading", "TorchCollectives", "Collectives", "Torch",
        "ProcessHarness", "RankHarness", "OperatorCounter", "Support", "Worker",
      ]),
    tests("TransformersTests", ["Transformers", "Tokenizers", "Torch", "ProcessHarness"]),
    tests("LockstepTests", ["Lockstep"]),
    tests("LockstepCommandTests", ["LockstepCommand", "Elastic", argumentParser]),
    tests(
      "IntegrationTests",
      [
        "ProcessHarness", "Torch", "Training", "Transformers", "Tokenizers", "TestWorker",
        "TestEnding", "ToySingle", "ToyDDP", "ToyElastic", "Collectives", "DataLoading",
        "FinetuneBERT", "FashionMNIST", "CharGPT", "ResNet", "GRURegression", "LockstepCommand",
        "Worker", "Support",
      ]),
    tests(
      "PeerTests",
      [
        "ProcessHarness", "RankHarness", "Torch", "Transformers", "Tokenizers", "Collectives",
        "TorchCollectives", "DataParallel", "DataLoading", "Training", "TestWorker", "ToySingle",
        "ToyDDP", "FinetuneBERT", "CharGPT", "ResNet", "GRURegression", "TokenizeTexts",
        "OperatorCalls", "ModuleCalls", "OptimizerCalls", "LockstepCommand", "Worker", "Support",
      ]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx20
)
