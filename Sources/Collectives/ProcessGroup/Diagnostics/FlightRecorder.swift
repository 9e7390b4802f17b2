internal import Dispatch
internal import FoundationEssentials
internal import Glibc
internal import Synchronization

/// The last collectives of a process with their times and states, for looking at after a failure.
///
/// Written as JSON in the fields of PyTorch's Flight Recorder (version 2.10), for every engine. The ring
/// holds `TORCH_FR_BUFFER_SIZE` collectives (2000), and is written to `TORCH_FR_DUMP_TEMP_FILE` followed
/// by the rank when a collective fails.
public final class FlightRecorder: Sendable {
  /// How many collectives are kept.
  public let capacity: Int
  /// Where the record is written on a failure; `nil` for nowhere.
  public let file: String?
  private let ring = Mutex(Ring())

  struct Ring: Sendable {
    var entries: [FlightEntry] = []
    var count = 0
    var groups: [FlightGroup] = []
  }

  /// Makes an empty record.
  ///
  /// - Parameters:
  ///   - capacity: How many collectives are kept, at least 1.
  ///   - file: Where the record is written on a failure; `nil` for nowhere.
  public init(capacity: Int = 2000, file: String? = nil) {
    (self.capacity, self.file) = (max(capacity, 1), file)
  }

  /// Notes a group; returns its number among those of this record.
  func add(_ group: FlightGroup) -> Int {
    ring.withLock { ring in
      ring.groups.append(group)
      return ring.groups.count - 1
    }
  }

  /// Notes the start of a collective; returns its number among all.
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

  /// Changes a collective's entry if it is still kept.
  func update(_ number: Int, _ change: (inout FlightEntry) -> Void) {
    ring.withLock { ring in
      let place = number % capacity
      guard ring.entries.indices.contains(place), ring.entries[place].recordId == number else {
        return
      }
      change(&ring.entries[place])
    }
  }

  /// The record as JSON, the oldest collective first.
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

  /// Writes the record into ``file``, in one step; a failure to do so is told on standard error.
  public func dump() {
    guard let file else { return }
    do {
      try Data(json()).write(to: URL(filePath: file), options: .atomic)
    } catch {
      let message = "lockstep: cannot write the flight record to \(file): \(error)\n"
      _ = write(STDERR_FILENO, message, message.utf8.count)
    }
  }
}

extension FlightRecorder {
  /// The record of this process that goes to a file: the same one for all groups, written also when the
  /// process gets SIGUSR2.
  ///
  /// - Parameters:
  ///   - capacity: How many collectives are kept; the first call for a file decides.
  ///   - file: Where the record is written.
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
