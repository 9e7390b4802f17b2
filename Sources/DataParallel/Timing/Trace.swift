public import Collectives
internal import Foundation
internal import Synchronization
internal import Worker

/// Records a timeline of all ranks and writes it as a file for Chrome (`chrome://tracing`) and
/// Perfetto (<https://ui.perfetto.dev>).
///
/// ```swift
/// let trace = Trace(rank: group.rank)
/// model.record(in: trace)
/// … try trace.measure("optimizer") { try optimizer.step() } …
/// try trace.write(to: "trace.json", group: group)        // on every rank; rank 0 writes
/// ```
/// The end of a bucket is the time at which its reduction was first observed to be complete: at
/// most one gradient later than it was.
public final class Trace: Sendable {
  /// An interval on a rank.
  public struct Event: Codable, Sendable, Equatable {
    /// The name, such as `forward`, `backward`, `bucket 0` or `optimizer`.
    public var name: String
    /// `compute` or `communication`.
    public var track: String
    /// The rank.
    public var rank: Int
    /// The start in microseconds since 1970.
    public var start: Double
    /// The duration in microseconds.
    public var duration: Double
  }

  private struct State {
    var events: [Event] = []
    var dropped = 0
    /// The communication of all steps, in nanoseconds.
    var communication = 0
    /// The part of `communication` that overlapped with backward, in nanoseconds.
    var hidden = 0
  }

  private let rank: Int
  private let eventLimit: Int
  private let state = Mutex(State())
  /// The time since 1970 minus the monotonic clock, in nanoseconds.
  private let offset: Int

  /// Creates an empty trace of a rank.
  ///
  /// - Parameters:
  ///   - rank: The rank.
  ///   - eventLimit: The number of events that are retained; later ones are dropped, but count for
  ///     ``overlappedShare``.
  public init(rank: Int, eventLimit: Int = 100_000) {
    self.rank = rank
    self.eventLimit = eventLimit
    offset = Int(Date().timeIntervalSince1970 * 1e9) - StepTimes.now()
  }

  /// The events recorded on this rank.
  public var events: [Event] { state.withLock { $0.events } }

  /// The number of events that were dropped because of the limit.
  public var droppedCount: Int { state.withLock { $0.dropped } }

  /// The share of communication that overlapped with backward, from 0 to 1; `nil` without
  /// communication.
  public var overlappedShare: Double? {
    state.withLock {
      $0.communication > 0 ? Double($0.hidden) / Double($0.communication) : nil
    }
  }

  /// Runs `body` and records the interval.
  public func measure<Result, Failure: Error>(
    _ name: String, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let start = StepTimes.now()
    defer { add(name, "compute", start, StepTimes.now()) }
    return try body()
  }

  /// Writes the events of all ranks to a file on rank 0; call it on every rank.
  ///
  /// - Throws: ``CollectiveError`` on rank 0, with code `failed`, if the file cannot be written; on
  ///   all ranks if a peer is lost or timed out.
  public func write(to path: String, group: any ProcessGroup) throws(CollectiveError) {
    let mine = (try? JSONEncoder().encode(events)) ?? Data()
    let all = try group.allGather(Array(mine))
    guard group.rank == 0 else { return }
    let events = all.flatMap { (try? JSONDecoder().decode([Event].self, from: Data($0))) ?? [] }
    do {
      try Trace.chromeJSON(events).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw CollectiveError(
        .failed, "cannot write the trace to '\(path)': \(error.localizedDescription)",
        rank: group.rank, cause: error)
    }
  }

  /// Returns the events in the Trace Event Format: a rank is a process, and its tracks are threads.
  static func chromeJSON(_ events: [Event]) throws -> Data {
    struct Line: Encodable {
      var name: String
      var ph: String
      var pid: Int
      var tid: Int
      var ts: Double?
      var dur: Double?
      var args: [String: String]?
    }
    var lines: [Line] = []
    for rank in Set(events.map(\.rank)).sorted() {
      lines.append(
        Line(name: "process_name", ph: "M", pid: rank, tid: 0, args: ["name": "rank \(rank)"]))
      for (thread, name) in ["compute", "communication"].enumerated() {
        lines.append(
          Line(name: "thread_name", ph: "M", pid: rank, tid: thread, args: ["name": name]))
      }
    }
    lines += events.map {
      Line(
        name: $0.name, ph: "X", pid: $0.rank, tid: $0.track == "compute" ? 0 : 1, ts: $0.start,
        dur: $0.duration)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return try encoder.encode(["traceEvents": lines])
  }

  /// Records a step.
  package func add(_ times: StepTimes) {
    add("forward", "compute", times.forwardStart, times.forwardEnd)
    add("backward", "compute", times.firstGradient, times.computeEnd)
    add("wait for buckets", "compute", times.computeEnd, times.end)
    for (index, bucket) in times.buckets.enumerated() where bucket.started > 0 {
      add("bucket \(index) ready", "communication", bucket.ready, bucket.ready)
      add("bucket \(index)", "communication", bucket.started, bucket.done)
    }
    let (all, hidden) = times.communicationAndHidden
    state.withLock {
      $0.communication += all
      $0.hidden += hidden
    }
  }

  private func add(_ name: String, _ track: String, _ start: Int, _ end: Int) {
    let event = Event(
      name: name, track: track, rank: rank, start: Double(start + offset) / 1000,
      duration: Double(max(0, end - start)) / 1000)
    state.withLock {
      if $0.events.count < eventLimit { $0.events.append(event) } else { $0.dropped += 1 }
    }
  }
}

extension Trace? {
  /// Runs `body` and records the interval if there is a trace.
  public func measure<Result, Failure: Error>(
    _ name: String, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard let trace = self else { return try body() }
    return try trace.measure(name, body)
  }
}

extension StepTimes {
  /// The time during which any reduction ran, and the part of it before the end of computation, in
  /// nanoseconds.
  package var communicationAndHidden: (all: Int, hidden: Int) {
    var all = 0
    var hidden = 0
    var covered = 0
    for bucket in buckets where bucket.started > 0 && bucket.done > bucket.started {
      let start = max(bucket.started, covered)
      guard bucket.done > start else { continue }
      all += bucket.done - start
      hidden += max(0, min(bucket.done, computeEnd) - start)
      covered = bucket.done
    }
    return (all, hidden)
  }
}

extension DistributedDataParallel {
  /// Records all following training steps in `trace`; `nil` stops recording.
  public func record(in trace: Trace?) { self.trace = trace }
}
