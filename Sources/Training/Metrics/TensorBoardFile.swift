import Glibc
import Support

/// Writes an event file that TensorBoard shows: `tensorboard --logdir FOLDER`.
///
/// Each run adds a file of its own to the folder, and TensorBoard shows all of them as one. Values are
/// stored as float32, as PyTorch's `SummaryWriter` does. A file whose writer was killed ends at worst
/// in half a record, which TensorBoard passes over.
public final class TensorBoardFile: MetricsSink {
  /// Where the file is.
  public var path: String { file.path }

  private let file: RecordFile
  private let now: () -> Double

  /// Starts a file in a folder, and makes the folder.
  ///
  /// - Parameters:
  ///   - folder: The folder that TensorBoard is given.
  ///   - resumedStep: The step at which an earlier run is taken up; TensorBoard then drops what the
  ///     earlier files tell about this step and those after it (`purge_step` of `SummaryWriter`).
  /// - Throws: ``TrainingError`` with code `inputOutput`.
  public convenience init(_ folder: String, resumedStep: Int? = nil) throws(TrainingError) {
    try self.init(folder, resumedStep: resumedStep, now: { WallClock.seconds })
  }

  init(_ folder: String, resumedStep: Int? = nil, now: @escaping () -> Double) throws(TrainingError)
  {
    try createFolder(folder)
    let start = now()
    file = try Self.createFile(in: folder, time: Int(start))
    self.now = now
    try append(.fileVersion, at: start)
    if let resumedStep { try append(.start(step: resumedStep), at: start) }
  }

  /// Keeps numbers that belong to a step.
  public func record(_ scalars: [String: Double], step: Int) throws(TrainingError) {
    try append(.scalars(scalars, step: step), at: now())
  }

  /// Keeps the choices that a run was started with, as a table among TensorBoard's texts.
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

  /// TensorBoard wants `tfevents` in the name, and reads files in the order of their names.
  private static func createFile(in folder: String, time: Int) throws(TrainingError) -> RecordFile {
    var host = [CChar](repeating: 0, count: 256)
    gethostname(&host, host.count - 1)
    let name = host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    let path =
      "\(folder)/events.out.tfevents.\(time).\(String(decoding: name, as: UTF8.self)).\(getpid())"
    var number = 0
    while true {  // another number for another file of this process in the same second
      if let file = try RecordFile.create("\(path).\(number)") { return file }
      number += 1
    }
  }
}
