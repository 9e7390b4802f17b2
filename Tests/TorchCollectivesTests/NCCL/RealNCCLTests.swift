import CNCCL
import Collectives
import Foundation
import Testing
import Torch
import TorchCollectives

private let path = ProcessInfo.processInfo.environment["LOCKSTEP_NCCL"]

/// Tests of NVIDIA's library that need no GPU.
@Suite(
  .enabled(
    if: path != nil,
    """
    needs NVIDIA's NCCL: pip download --no-deps nvidia-nccl-cu13==2.29.7, unzip it, and set \
    LOCKSTEP_NCCL to the path of nvidia/nccl/lib/libnccl.so.2
    """
  )) struct RealNCCLTests
{
  private let library: NCCLLibrary
  private let header: String

  init() throws {
    let path = try #require(path)
    library = try NCCLLibrary(path: path)
    header = try String(
      contentsOf: URL(filePath: path).appending(path: "../../include/nccl.h").standardized,
      encoding: .utf8)
  }

  /// The value of a name in the header, from an enumeration or a macro.
  private func value(_ name: String) throws -> Int {
    let pattern = try Regex("\\b\(name)\\s*=?\\s*([0-9]+)", as: (Substring, Substring).self)
    return try #require(
      header.firstMatch(of: pattern).flatMap { Int($0.1) }, "\(name) is not in nccl.h")
  }

  @Test func theVersionMatchesTheHeader() throws {
    let parts = try ["NCCL_MAJOR", "NCCL_MINOR", "NCCL_PATCH"].map { try value($0) }
    #expect(library.version == parts.map(String.init).joined(separator: "."))
  }

  @Test func enumerationsMatchTheHeader() throws {
    let types: [ElementType: String] = [
      .float64: "ncclFloat64", .float32: "ncclFloat32", .float16: "ncclFloat16",
      .bfloat16: "ncclBfloat16", .int64: "ncclInt64", .int32: "ncclInt32", .int8: "ncclInt8",
      .uint8: "ncclUint8", .bool: "ncclUint8",
    ]
    for type in ElementType.allCases {
      #expect(try type.ncclType.map { Int($0) } == types[type].map { try value($0) }, "\(type)")
    }
    let others: [(cnccl_op, String)] = [
      (NCCLOp.sum, "ncclSum"), (NCCLOp.product, "ncclProd"), (NCCLOp.max, "ncclMax"),
      (NCCLOp.min, "ncclMin"), (NCCLOp.average, "ncclAvg"), (NCCLResult.success, "ncclSuccess"),
      (NCCLResult.remoteError, "ncclRemoteError"), (NCCLResult.inProgress, "ncclInProgress"),
    ]
    for (own, name) in others { #expect(try Int(own) == value(name), "\(name)") }
    #expect(try value("NCCL_UNIQUE_ID_BYTES") == MemoryLayout<cnccl_id>.size)
  }

  @Test func theConfigurationMatchesTheHeader() throws {
    let start = try #require(header.range(of: "typedef struct ncclConfig"))
    let fields = header[start.upperBound...].prefix { $0 != "}" }.split(separator: "\n")
      .map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { $0.hasSuffix(";") }.prefix(4)
    #expect(
      Array(fields) == [
        "size_t size;", "unsigned int magic;", "unsigned int version;", "int blocking;",
      ])
    #expect(header.contains("0xcafebeef"))
  }

  /// Types, names and order.
  @Test func argumentsMatchTheHeader() throws {
    let own = try String(
      contentsOf: URL(filePath: #filePath).appending(
        path: "../../../../Sources/CNCCL/include/CNCCL.h"
      ).standardized, encoding: .utf8)
    let calls = own.replacing(/[\\\s]+/, with: " ")
      .matches(of: /CALL\( ?(?:cnccl_result|const char \*), (\w+), \(([^)]*)\)\)/)
    #expect(calls.count == 18)
    for call in calls {
      let pattern = try Regex(
        "\\bnccl\(call.1)\\s*\\(([^)]*)\\)\\s*;", as: (Substring, Substring).self)
      let theirs = try #require(header.firstMatch(of: pattern)?.1, "no nccl\(call.1) in nccl.h")
      #expect(words(call.2) == words(theirs), "nccl\(call.1)")
    }
  }

  private func words(_ arguments: Substring) -> [String] {
    let names = [
      "cnccl_communicator": "ncclComm_t", "cnccl_id": "ncclUniqueId",
      "cnccl_type": "ncclDataType_t", "cnccl_op": "ncclRedOp_t", "cnccl_stream": "cudaStream_t",
      "cnccl_result": "ncclResult_t", "cnccl_config": "ncclConfig_t",
    ]
    let text = arguments.replacing("*", with: " * ").replacing(",", with: " , ")
    let words = text.split { $0.isWhitespace }.map { names[String($0)] ?? String($0) }
    return words == ["void"] ? [] : words
  }

  @Test func errorsHaveNCCLsMessage() {
    #expect(library.describe(4).contains("invalid argument"), "\(library.describe(4))")
  }

  @Test func uniqueIDsNeedNoGPU() {
    var first = cnccl_id()
    var second = cnccl_id()
    #expect(library.calls.GetUniqueId(&first) == NCCLResult.success)
    #expect(library.calls.GetUniqueId(&second) == NCCLResult.success)
    let equal = withUnsafeBytes(of: first) { a in
      withUnsafeBytes(of: second) { b in a.elementsEqual(b) }
    }
    #expect(!equal)
  }

  @Test(.enabled(if: Device.cudaDeviceCount == 0, "there are GPUs here"))
  func aGroupWithoutAGPUThrowsNCCLsMessage() {
    let text = failure(
      Result {
        try NCCLProcessGroup(
          store: HashStore(), rank: 0, worldSize: 1, timeout: .seconds(20), library: library,
          device: StandInDevice())
      })
    #expect(text.hasPrefix("failed") && text.contains("NCCL \(library.version): "), "\(text)")
  }
}
