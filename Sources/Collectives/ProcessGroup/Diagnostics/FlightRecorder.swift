internal import Dispatch
internal import FoundationEssentials
internal import Glibc
internal import Support
internal import Synchronization

/// Records the last collectives of a process with their times and states, for analysis after a
/// failure.
///
/// The record is JSON with the fields of PyTorch's Flight Recorder (version 2.10), for every
/// backend. It holds the last `TORCH_FR_BUFFER_SIZE` collectives (default 2000). When a collective
/// fails, it is written to the path `TORCH_FR_DUMP_TEMP_FILE` followed by the rank.
public final class FlightRecorder: Sendable {
  /// The number of collectives that are retained.
  public let capacity: Int
  /// The file that a failure writes; `nil` for none.
  public let file: String?
  private let ring = Mutex(Ring())

  struct Ring: Sendable {
    var entries: [FlightEntry] = []
    var count = 0
    var groups: [FlightGroup] = []
  }

  /// Creates an empty record.
  ///
  /// - Parameters:
  ///   - capacity: The number of collectives that are retained, at least 1.
  ///   - file: The file that a failure writes; `nil` for none.
  public init(capacity: Int = 2000, file: String? = nil) {
    self.capacity = max(capacity, 1)
    self.file = file
  }

  /// Adds a group; returns its number in this record.
  func add(_ group: FlightGroup) -> Int {
    ring.withLock { ring in
      ring.groups.append(group)
      return ring.groups.count - 1
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
        ring.entries[ring.count % capacity] = entry
      }
      ring.count += 1
      return entry.recordId
    }
  }

  /// Changes a collective's entry if it is still retained.
  func update(_ number: Int, _ change: (inout FlightEntry) -> Void) {
    ring.withLock { ring in
      let index = number % capacity
      guard ring.entries.indices.contains(index), ring.entries[index].recordId == number else {
        return
      }
      change(&ring.entries[index])
    }
  }

  /// Returns the record as JSON, the oldest collective first.
  public func json() throws -> [UInt8] {
    let ring = ring.withLock { $0 }
    let oldest = ring.count > capacity ? ring.count % capacity : 0
    let entries = Array(ring.entries[oldest...] + ring.entries[..<oldest])
    var record = FlightRecord(pgConfig: [:], pgStatus: [:], entries: entries)
    for (number, group) in ring.groups.enumerated() {
      record.pgConfig["\(number)"] = group
      record.pgStatus["\(number)"] = FlightStatus(of: entries.filter { $0.pgId == number })
    }
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys]
    return Array(try encoder.encode(record))
  }

  /// Writes the record to ``file``, atomically; logs an error if that fails.
  public func dump() {
    guard let file else { return }
    do {
      try Data(json()).write(to: URL(filePath: file), options: .atomic)
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
  ///   - file: The file.
  /// - Returns: The record, for ``RecordedProcessGroup``.
  public static func shared(capacity: Int, file: String) -> FlightRecorder {
    signals.withLock { $0 = $0 ?? dumpAll(on: SIGUSR2) }
    return recorders.withLock { recorders in
      let recorder = recorders[file] ?? FlightRecorder(capacity: capacity, file: file)
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
