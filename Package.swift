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

let package = Package(
  name: "lockstep",
  targets: [
    // Processes, stores and groups: no libtorch
    .target(name: "WorkerFailures", swiftSettings: strict),

    // Tests mirror Sources
    .testTarget(
      name: "WorkerFailuresTests", dependencies: ["WorkerFailures"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx20
)
