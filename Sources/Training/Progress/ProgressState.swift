/// The progress of a task at a point in time.
public struct ProgressState: Sendable, Hashable {
  /// The name of the task, such as `epoch 1/4`.
  public var label: String

  /// The total number of items.
  public var total: Int

  /// The number of completed items.
  public var done: Int

  /// The name of the items, in the plural, for the rate.
  public var unit: String

  /// The time since the start.
  public var elapsed: Duration

  /// Additional values to show, such as the loss, in display order.
  public var fields: [Field]

  /// A name and a value that are shown with the progress.
  public struct Field: Sendable, Hashable {
    /// The name, such as `loss`.
    public var name: String
    /// The formatted value.
    public var value: String

    /// Creates a field from text.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }

    /// Creates a field from a number, formatted with `decimals` decimals.
    public init(_ name: String, _ value: Double, decimals: Int = 4) {
      self.init(name, Decimals.text(value, decimals))
    }
  }

  /// Creates a state.
  public init(
    label: String, total: Int, done: Int = 0, unit: String = "samples",
    elapsed: Duration = .zero, fields: [Field] = []
  ) {
    self.label = label
    self.total = total
    self.done = done
    self.unit = unit
    self.elapsed = elapsed
    self.fields = fields
  }

  /// Items per second since the start; `nil` until an item is done.
  public var rate: Double? {
    let seconds = elapsed / .seconds(1)
    return done > 0 && seconds > 0 ? Double(done) / seconds : nil
  }

  /// The estimated remaining time at the current rate; `nil` until an item is done.
  public var timeLeft: Duration? {
    guard let rate else { return nil }
    return .seconds(Double(max(0, total - done)) / rate)
  }
}
