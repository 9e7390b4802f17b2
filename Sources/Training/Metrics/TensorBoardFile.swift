import Glibc
import Support

/// Writes an event file for TensorBoard: `tensorboard --logdir FOLDER`.
///
/// Each run adds a file to the folder, and TensorBoard shows all of them as one run. Values are
/// stored as float32, as PyTorch's `SummaryWriter` does. If the writer is killed, the file may end
/// in an incomplete record, which TensorBoard ignores.
public final class TensorBoardFile: MetricsSink {
  /// The path of the file.
  public var path: String { file.path }

  private let file: RecordFile
  private let now: () -> Double

  /// Creates an event file in a folder, and the folder if it is missing.
  ///
  /// - Parameters:
  ///   - folder: The folder to pass to TensorBoard.
  ///   - resumedStep: The step from which an earlier run is resumed. TensorBoard then discards the
  ///     earlier files' events from this step on (`purge_step` of `SummaryWriter`).
  /// - Throws: ``TrainingError`` with code `inputOutput`.
  public convenience init(_ folder: String, resumedStep: Int? = nil) throws(TrainingError) {
    try self.init(folder, resumedStep: resumedStep, now: { WallClock.seconds })
  }

  package init(_ folder: String, resumedStep: Int? = nil, now: @escaping () -> Double)
    throws(TrainingError)
  {
    try createFolder(folder)
    let start = now()
    file = try Self.createFile(in: folder, time: Int(start))
    self.now = now
    try append(.fileVersion, at: start)
    if let resumedStep { try append(.start(step: resumedStep), at: start) }
  }

  /// Records the scalars of a step.
  public func record(_ scalars: [String: Double], step: Int) throws(TrainingError) {
    try append(.scalars(scalars, step: step), at: now())
  }

  /// Records the hyperparameters of the run as a table in TensorBoard's text tab.
  public func record(hyperparameters: [String: String]) throws(TrainingError) {
    let rows = hyperparameters.sorted { $0.key < $1.key }.map { "| \($0.key) | \($0.value) |" }
    let table = ["| option | value |", "|---|---|"] + rows
    try append(
      .text(tag: "hyperparameters", table.joined(separator: "\n")), at: now())
  }

  private func append(_ content: TensorBoardEvent.Content, at time: Double) throws(TrainingError) {
    let event = TensorBoardEvent(content: content, wallTime: time)
    try file.append(TFRecord.framed(event.bytes))
  }

  /// Creates a file with `tfevents` in its name, which TensorBoard requires.
  ///
  /// TensorBoard reads files in name order, so the time comes first.
  private static func createFile(in folder: String, time: Int) throws(TrainingError) -> RecordFile {
    var host = [CChar](repeating: 0, count: 256)
    gethostname(&host, host.count - 1)
    let name = host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    let path =
      "\(folder)/events.out.tfevents.\(time).\(String(decoding: name, as: UTF8.self)).\(getpid())"
    var number = 0
    while true {  // A process may create several files within one second.
      if let file = try RecordFile.create("\(path).\(number)") { return file }
      number += 1
    }
  }
}
