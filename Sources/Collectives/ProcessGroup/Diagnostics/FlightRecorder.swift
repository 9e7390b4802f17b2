internal import Dispatch
internal import FoundationEssentials
internal import Glibc
internal import Support
internal import Synchronization

/// Records the last collectives of a process with their times and states, for analysis after a
/// failure.
///
/// The record has the fields of PyTorch's Flight Recorder (version 2.10), for every backend. It
/// holds the last `TORCH_FR_BUFFER_SIZE` collectives (default 2000). When a collective fails, the
/// record is written twice:
///
/// - as a pickle to the path `TORCH_FR_DUMP_TEMP_FILE` followed by the rank, for PyTorch's
///   analyzer: with the files of all ranks in one folder, `torchfrtrace FOLDER` names the
///   collectives that ranks did not start, or started differently;
/// - as JSON to the file `RANK.json` in the folder `TORCH_FR_DUMP_TEMP_FILE` followed by `.json`.
public final class FlightRecorder: Sendable {
  /// The number of collectives that are retained.
  public let capacity: Int
  /// The file to which a failure writes the pickle; `nil` for none.
  public let file: String?
  /// The file to which a failure writes the JSON; `nil` for none.
  public let jsonFile: String?
  private let ring = Mutex(Ring())

  struct Ring: Sendable {
    var entries: [FlightEntry] = []
    var count = 0
    var groups: [FlightGroup] = []
    /// The works whose end is not recorded yet.
    var active: [Int: ActiveWork] = [:]
  }

  struct ActiveWork: Sendable {
    weak let work: (any Work)?
  }

  /// Creates an empty record.
  ///
  /// - Parameters:
  ///   - capacity: The number of collectives that are retained, at least 1.
  ///   - file: The file to which a failure writes the pickle; `nil` for none.
  ///   - jsonFile: The file to which a failure writes the JSON; `nil` for none. Its folder is
  ///     created.
  public init(capacity: Int = 2000, file: String? = nil, jsonFile: String? = nil) {
    self.capacity = max(capacity, 1)
    self.file = file
    self.jsonFile = jsonFile
  }

  /// Adds a group; returns its number in this record, and its name, which differs from those of the
  /// other groups.
  func add(_ group: FlightGroup) -> (number: Int, name: String) {
    ring.withLock { ring in
      var group = group
      let names = Set(ring.groups.map(\.name))
      var copy = 1
      while names.contains(group.name + (copy == 1 ? "" : "#\(copy)")) { copy += 1 }
      if copy > 1 { group.name += "#\(copy)" }
      ring.groups.append(group)
      return (ring.groups.count - 1, group.name)
    }
  }

  /// Adds a collective; returns its number in this record.
  func begin(_ entry: FlightEntry) -> Int {
    ring.withLock { ring in
      var entry = entry
      entry.recordId = ring.count
      if ring.entries.count < capacity {
        ring.entries.append(entry)
      } else {
        ring.active[ring.entries[ring.count % capacity].recordId] = nil
        ring.entries[ring.count % capacity] = entry
      }
      ring.count += 1
      return entry.recordId
    }
  }

  /// Changes a collective's entry if it is still retained.
  func update(_ number: Int, _ change: (inout FlightEntry) -> Void) {
    ring.withLock { ring in
      guard let index = index(of: number, in: ring) else { return }
      change(&ring.entries[index])
    }
  }

  private func index(of number: Int, in ring: Ring) -> Int? {
    let index = number % capacity
    guard ring.entries.indices.contains(index), ring.entries[index].recordId == number else {
      return nil
    }
    return index
  }

  /// Observes the end of a collective that has been started.
  func observe(_ number: Int, _ work: any Work) {
    ring.withLock { ring in
      if index(of: number, in: ring) != nil { ring.active[number] = ActiveWork(work: work) }
    }
  }

  /// Records the end of a collective.
  func end(_ number: Int, succeeded: Bool) {
    ring.withLock { $0.active[number] = nil }
    update(number) { entry in
      if entry.retired { return }
      entry.retired = true
      if succeeded { entry.complete(at: nanosecondsNow()) }
    }
  }

  /// Returns the record as JSON, the oldest collective first.
  public func json() throws -> [UInt8] { try record().json() }

  /// Returns the record as the pickle that PyTorch's `torchfrtrace` reads, the oldest collective
  /// first.
  public func pickle() -> [UInt8] { record().pickle() }

  /// Returns the retained collectives.
  ///
  /// A collective that has finished is complete, even if the program has not waited for it yet:
  /// otherwise ranks that wait later would seem to hang. After a failure that applies only to the
  /// collectives before the failed one, because the later ones have failed too.
  private func record() -> FlightRecord {
    let ring = ring.withLock { $0 }
    let oldest = ring.count > capacity ? ring.count % capacity : 0
    var entries = Array(ring.entries[oldest...] + ring.entries[..<oldest])
    var failed: [Int: Int] = [:]
    for entry in entries where entry.retired && entry.state != .completed {
      failed[entry.pgId] = min(failed[entry.pgId] ?? .max, entry.recordId)
    }
    for index in entries.indices {
      let entry = entries[index]
      if entry.recordId < failed[entry.pgId] ?? .max,
        let work = ring.active[entry.recordId]?.work, work.isCompleted
      {
        entries[index].complete(at: nanosecondsNow())
      }
    }
    return FlightRecord(groups: ring.groups, entries: entries)
  }

  /// Writes the record to ``file`` and ``jsonFile``, each atomically; logs an error if that fails.
  public func dump() {
    let record = record()
    if let file { write(to: file) { record.pickle() } }
    if let jsonFile { write(to: jsonFile) { try record.json() } }
  }

  private func write(to file: String, _ content: () throws -> [UInt8]) {
    do {
      let url = URL(filePath: file)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(content()).write(to: url, options: .atomic)
    } catch {
      Log.error("cannot write the flight record to \(file): \(error)")
    }
  }
}

extension FlightRecorder {
  /// Returns the record that all groups of this process share for a file.
  ///
  /// The record is also written when the process receives SIGUSR2.
  ///
  /// - Parameters:
  ///   - capacity: The number of collectives that are retained; the first call for a file decides.
  ///   - file: The file of the pickle.
  ///   - jsonFile: The file of the JSON; `nil` for none.
  /// - Returns: The record, for ``RecordedProcessGroup``.
  public static func shared(capacity: Int, file: String, jsonFile: String? = nil)
    -> FlightRecorder
  {
    signals.withLock { $0 = $0 ?? dumpAll(on: SIGUSR2) }
    return recorders.withLock { recorders in
      let recorder =
        recorders[file] ?? FlightRecorder(capacity: capacity, file: file, jsonFile: jsonFile)
      recorders[file] = recorder
      return recorder
    }
  }

  private static let recorders = Mutex<[String: FlightRecorder]>([:])
  private static let signals = Mutex<(any DispatchSourceSignal)?>(nil)

  private static func dumpAll(on number: Int32) -> any DispatchSourceSignal {
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    source.setEventHandler {
      for recorder in recorders.withLock({ Array($0.values) }) { recorder.dump() }
    }
    source.resume()
    return source
  }
}

/// The wall clock, in nanoseconds since 1970.
func nanosecondsNow() -> Int64 {
  var now = timespec()
  clock_gettime(CLOCK_REALTIME, &now)
  return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
}
