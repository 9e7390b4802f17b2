import FoundationEssentials

/// The running timers of the workers, with the rules of torchelastic's `FileTimerServer`.
///
/// A timer belongs to a process and a scope. A process must release its timer, or start it again,
/// before it expires.
package struct TimerTable: Sendable {
  /// A request of a worker: one line of JSON.
  package struct Request: Sendable, Hashable, Decodable {
    package var pid: Int32
    package var scope: String
    /// Seconds since 1970; a negative number releases the timer.
    package var expirationTime: Double
    /// The signal that ends the process; 0 or less for none.
    package var signal: Int32

    private enum CodingKeys: String, CodingKey {
      case pid
      case scope = "scope_id"
      case expirationTime = "expiration_time"
      case signal
    }

    package init(pid: Int32, scope: String, expirationTime: Double, signal: Int32) {
      self.pid = pid
      self.scope = scope
      self.expirationTime = expirationTime
      self.signal = signal
    }
  }

  private struct Key: Hashable, Sendable {
    var pid: Int32
    var scope: String
  }

  /// The maximum number of timers, so that no process exhausts the launcher's memory.
  private static let maximumCount = 100_000

  private var timers: [Key: Request] = [:]

  package init() {}

  /// The number of running timers.
  package var count: Int { timers.count }

  /// Handles a line that a worker wrote.
  ///
  /// - Returns: Whether it is a valid request.
  package mutating func receive(line: some Collection<UInt8>) -> Bool {
    guard let request = try? JSONDecoder().decode(Request.self, from: Data(line)),
      request.pid > 0, request.expirationTime.isFinite, (-1...64).contains(request.signal)
    else { return false }
    receive(request)
    return true
  }

  /// Handles a request.
  package mutating func receive(_ request: Request) {
    let key = Key(pid: request.pid, scope: request.scope)
    if request.expirationTime < 0 {
      timers[key] = nil
    } else if timers.count < Self.maximumCount || timers[key] != nil {
      timers[key] = request
    }
  }

  /// Removes the timers of the processes of which one has expired.
  ///
  /// - Parameter now: Seconds since 1970.
  /// - Returns: For each process, the timer that expired first and has a signal or, if none has
  ///   one, the one that expired first; by process id.
  package mutating func takeExpired(now: Double) -> [Request] {
    let expired = Dictionary(grouping: timers.values.filter { $0.expirationTime <= now }, by: \.pid)
    if !expired.isEmpty { timers = timers.filter { expired[$0.key.pid] == nil } }
    return expired.sorted { $0.key < $1.key }.compactMap { _, requests in
      let byTime = requests.sorted { ($0.expirationTime, $0.scope) < ($1.expirationTime, $1.scope) }
      return byTime.first { $0.signal > 0 } ?? byTime.first
    }
  }

  /// Removes the timers of processes that have exited.
  package mutating func removeTimers(where hasExited: (Int32) -> Bool) {
    let exited = Set(timers.keys.map(\.pid)).filter(hasExited)
    if !exited.isEmpty { timers = timers.filter { !exited.contains($0.key.pid) } }
  }
}
