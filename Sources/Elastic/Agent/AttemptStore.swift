import Collectives

/// The key-value store through which the workers of one attempt find each other.
///
/// Each attempt has a new store. A store that outlived its workers would pass their dead addresses
/// to the next attempt: with torchrun's shared store 4 of 20 killed jobs hung or died, and 6 more
/// needed a second restart.
final class AttemptStore {
  private let server: TCPStoreServer

  /// The port at which it listens.
  var port: Int { server.port }

  /// Starts a store.
  ///
  /// - Parameters:
  ///   - address: The address to listen at.
  ///   - port: The port, or `nil` for any free one.
  /// - Throws: ``ElasticError`` if it cannot listen there.
  init(address: String, port: Int?) throws(ElasticError) {
    do {
      server = try TCPStoreServer.start(host: address, port: port ?? 0)
    } catch {
      throw ElasticError(
        .system,
        "cannot start the workers' store at \(address):\(port ?? 0): \(error); "
          + "omit --master-port to use a free port")
    }
  }

  deinit { server.close() }
}
