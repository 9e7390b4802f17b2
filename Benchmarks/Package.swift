// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that who uses Lockstep does not build benchmarks. The Python programs beside
// it, which the Makefile runs, are the other side of each comparison.

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "lockstep-benchmarks",
  dependencies: [
    .package(name: "lockstep", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  ],
  targets: [
    "BertStep", "CallTime", "CollectivesBench", "DDPStep", "FuzzReaders", "PrepareReviews",
    "SnapshotStall", "StoreBench",
  ].map { name in
    .executableTarget(
      name: name,
      dependencies: [
        .product(name: "Lockstep", package: "lockstep"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict)
  },
  swiftLanguageModes: [.v6]
)
