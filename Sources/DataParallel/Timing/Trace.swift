public import Collectives
internal import Foundation
internal import Synchronization
internal import Worker

/// When the ranks of a job did what, as a file that Chrome (`chrome://tracing`) and Perfetto
/// (<https://ui.perfetto.dev>) show.
///
/// ```swift
/// let trace = Trace(rank: group.rank)
/// model.record(in: trace)
/// … trace.measure("optimizer") { optimizer.step() } …
/// try trace.write(to: "trace.json", group: group)        // on every rank; rank 0 writes
/// ```
/// A bucket's `done` is when it was first seen to be over, at most a gradient later than it was.
public final class Trace: Sendable {
  /// Something that took time on a rank.
  public struct Event: Codable, Sendable, Equatable {
    /// What it was, such as `forward`, `backward`, `bucket 0` or `optimizer`.
    public var name: String
    /// `compute` or `communication`.
    public var track: String
    /// The rank.
    public var rank: Int
    /// Microseconds since 1970.
    public var start: Double
    /// Microseconds.
    public var duration: Double
  }

  private struct State {
    var events: [Event] = []
    var dropped = 0
    /// Nanoseconds, of all steps.
    var communication = 0
    var hidden = 0
  }

  private let rank: Int
  private let eventLimit: Int
  private let state = Mutex(State())
  /// Nanoseconds from the monotonic clock to the time since 1970.
  private let offset: Int

  /// Creates an empty trace of a rank.
  ///
  /// - Parameters:
  ///   - rank: The rank.
  ///   - eventLimit: How many events are kept, the first ones; the share of overlap counts all.
  public init(rank: Int, eventLimit: Int = 100_000) {
    self.rank = rank
    self.eventLimit = eventLimit
    offset = Int(Date().timeIntervalSince1970 * 1e9) - StepTimes.now()
  }

  /// What has been recorded on this rank.
  public var events: [Event] { state.withLock { $0.events } }

  /// How many events came after the limit.
  public var droppedCount: Int { state.withLock { $0.dropped } }

  /// The share of communication that ran while backward was still computing, from 0 to 1; nil without
  /// any.
  public var overlappedShare: Double? {
    state.withLock {
      $0.communication > 0 ? Double($0.hidden) / Double($0.communication) : nil
    }
  }

  /// Runs `body` and records it.
  public func measure<Result, Failure: Error>(
    _ name: String, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let start = StepTimes.now()
    defer { add(name, "compute", start, StepTimes.now()) }
    return try body()
  }

  /// Writes the events of all ranks; call it on each.
  ///
  /// - Throws: ``CollectiveError`` on rank 0, with code `failed`, when the file cannot be written; when
  ///   a peer has gone or is too late.
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

  /// The Trace Event Format: ranks are processes, computing and communication their threads.
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
  func add(_ times: StepTimes) {
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
  /// Runs `body` and records it, if there is a trace.
  public func measure<Result, Failure: Error>(
    _ name: String, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard let trace = self else { return try body() }
    return try trace.measure(name, body)
  }
}

extension StepTimes {
  /// The time in which any reduction ran, and how much of it before the end of computing, in
  /// nanoseconds.
  var communicationAndHidden: (all: Int, hidden: Int) {
    var (all, hidden, covered) = (0, 0, 0)
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
  /// Records every training step from now on; `nil` stops.
  public func record(in trace: Trace?) { self.trace = trace }
}
