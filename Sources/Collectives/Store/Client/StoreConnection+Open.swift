import Glibc
import Support

extension StoreConnection {
  /// The time limit for one address, before the next one is tried.
  private static let attemptLimit = Duration.seconds(5)

  /// How long a name may be unknown, because a scheduler may publish it late.
  private static let unknownNameLimit = Duration.seconds(30)

  /// Connects and sends the greeting; retries until the deadline.
  static func open(
    _ host: String, _ port: Int, before deadline: Deadline
  ) throws(StoreError) -> StoreConnection {
    let start = ContinuousClock.now
    var random = SystemRandomNumberGenerator()
    var backoff = ConnectBackoff()
    var attempts = 0
    while true {
      let failure: Failure
      do throws(Failure) {
        attempts += 1
        return try attempt(host, port, before: deadline)
      } catch {
        failure = error
      }
      let pause = backoff.next(&random)
      let elapsed = ContinuousClock.now - start
      let isHopeless =
        switch failure {
        case .resolver(let failure): failure.isUnknownName && elapsed > unknownNameLimit
        case .greeting(let error): error.code == .protocolViolation
        case .socket: false
        }
      if isHopeless || deadline.remaining <= pause {
        throw failure.error(host, port, attempts: attempts, elapsed: elapsed)
      }
      usleep(UInt32(pause.pollMilliseconds) * 1000)
    }
  }

  /// Tries each address of the host once.
  private static func attempt(
    _ host: String, _ port: Int, before deadline: Deadline
  ) throws(Failure) -> StoreConnection {
    var last = Failure.socket(.timedOut)
    let addresses: [HostAddress]
    do throws(ResolverFailure) {
      addresses = try HostAddress.resolve(host, port).get()
    } catch {
      throw .resolver(error)
    }
    for address in addresses {
      do throws(ClientSocket.Failure) {
        let limit = deadline.capped(at: attemptLimit)
        let socket = try ClientSocket(connectedTo: address, before: limit)
        var connection = StoreConnection(socket, endpoint: "\(host):\(port)")
        do throws(StoreError) {
          try connection.greet(before: limit)
          return connection
        } catch {
          last = .greeting(error)
        }
      } catch {
        last = .socket(error)
      }
    }
    throw last
  }

  /// Sends the magic number and a ping with the process ID, like PyTorch's client.
  private mutating func greet(before deadline: Deadline) throws(StoreError) {
    let nonce = UInt32(bitPattern: getpid())
    let greeting = StoreRequest.validate(magic: StoreWire.magic).encoded
    try send(greeting + StoreRequest.ping(nonce: nonce).encoded, before: deadline)
    let answer = try readNumber(UInt32.self, before: deadline)
    guard answer == nonce else { throw violated("replied to a ping with another value") }
  }

  /// Why an attempt failed.
  private enum Failure: Error {
    case resolver(ResolverFailure)
    case socket(ClientSocket.Failure)
    case greeting(StoreError)

    func error(_ host: String, _ port: Int, attempts: Int, elapsed: Duration) -> StoreError {
      let tried = attempts == 1 ? "tried once" : "tried \(attempts) times in \(elapsed.rounded)"
      switch self {
      case .resolver(let failure):
        return StoreError(
          code: .cannotResolve,
          message: "cannot resolve the host \"\(host)\" (\(failure.reason); \(tried)): "
            + "check MASTER_ADDR, or use an address instead of a name", cause: failure)
      case .socket(.system(errno: ECONNREFUSED)):
        return StoreError(
          code: .connectionRefused,
          message:
            "no process listens at \(host):\(port) (connection refused; \(tried)): start the "
            + "process that hosts the TCPStore, check MASTER_ADDR and MASTER_PORT, or raise the "
            + "timeout")
      case .socket(let failure):
        return StoreError(
          code: .unreachable,
          message: "cannot reach \(host):\(port) (\(failure.reason); \(tried)): check MASTER_ADDR, "
            + "the route between the machines and their firewalls", cause: failure)
      case .greeting(let error) where error.code == .protocolViolation:
        return error
      case .greeting(let error):
        return StoreError(
          code: error.code,
          message: "\(host):\(port) accepts the connection, but does not reply like a TCPStore "
            + "(\(tried)): check that MASTER_PORT is the store's port", cause: error)
      }
    }
  }
}

extension Duration {
  /// Seconds with one decimal, for messages.
  fileprivate var rounded: String {
    formatted(tenths: Int64((self / .milliseconds(100)).rounded()))
  }

  private func formatted(tenths: Int64) -> String {
    "\(tenths / 10).\(tenths % 10) s"
  }
}
