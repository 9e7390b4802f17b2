internal import Collectives
internal import Foundation
internal import Torch

/// Sends what rank 0 reads from the snapshot folder to the other ranks.
struct StateTransfer {
  let group: (any ProcessGroup)?
  var isRankZero: Bool { (group?.rank ?? 0) == 0 }

  /// Runs `body` on rank 0 and returns its result on every rank.
  ///
  /// - Throws: The error of `body`; on the other ranks, a ``TrainingError`` with the same message.
  func fromRankZero<Value: Codable>(_ body: () throws -> Value) throws -> Value {
    guard let group, group.worldSize > 1 else { return try body() }
    var outcome = Outcome<Value>()
    var thrown: (any Error)?
    if isRankZero {
      do {
        outcome.value = [try body()]
      } catch {
        thrown = error
        let code = (error as? TrainingError)?.code ?? .inputOutput
        outcome.failure = .init(code: code.name, message: "\(error)")
      }
    }
    let text = try group.broadcast(Array(try JSONEncoder().encode(outcome)))
    if let thrown { throw thrown }
    outcome = try JSONDecoder().decode(Outcome<Value>.self, from: Data(text))
    if let failure = outcome.failure {
      throw TrainingError(.init(name: failure.code), "rank 0: \(failure.message)")
    }
    guard let value = outcome.value.first else {
      preconditionFailure("rank 0 sent neither a value nor an error")
    }
    return value
  }

  /// Broadcasts rank 0's tensors to all ranks; the broadcasts run concurrently.
  ///
  /// - Parameters:
  ///   - entries: The tensors' names, dtypes and shapes; the same on every rank.
  ///   - tensors: Rank 0's tensors.
  /// - Returns: The tensors, on the CPU.
  /// - Throws: ``Collectives/CollectiveError`` if a peer is lost.
  func tensors(_ entries: [String: SnapshotManifest.TensorEntry], _ tensors: StateDict) throws
    -> StateDict
  {
    guard let group, group.worldSize > 1 else { return tensors }
    var received: StateDict = [:]
    var running: [any Work] = []
    for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
      guard let dtype = DType.allCases.first(where: { "\($0)" == entry.dtype }) else {
        throw TrainingError(.mismatch, "tensor '\(name)' has the unknown dtype '\(entry.dtype)'")
      }
      let tensor = tensors[name] ?? Tensor.empty(entry.shape, dtype: dtype)
      received[name] = tensor
      guard tensor.count > 0, let address = tensor.dataAddress else { continue }
      let bytes = CollectiveBuffer(
        address: address, count: tensor.byteCount, elementType: .uint8, owner: tensor)
      running.append(try group.startBroadcast(bytes, from: 0))
    }
    for work in running { try work.wait() }
    return received
  }

  private struct Outcome<Value: Codable>: Codable {
    /// The value, or an empty array if there is none.
    ///
    /// An optional could not distinguish no value from a value that is `nil`.
    var value: [Value] = []
    var failure: Failure?

    struct Failure: Codable {
      var code: String
      var message: String
    }
  }
}
