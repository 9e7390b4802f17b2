/// How far a job is, at one moment.
public struct ProgressState: Sendable, Hashable {
  /// What is being done, such as `epoch 1/4`.
  public var label: String

  /// How many items there are.
  public var total: Int

  /// How many items are done.
  public var done: Int

  /// What an item is, in the plural, for the rate.
  public var unit: String

  /// The time since the start.
  public var elapsed: Duration

  /// More to show, such as the loss, in order.
  public var fields: [Field]

  /// A name and a value that are shown with the progress.
  public struct Field: Sendable, Hashable {
    /// The name, such as `loss`.
    public var name: String
    /// The value as it is shown.
    public var value: String

    /// Creates a field with a text.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }

    /// Creates a field with a number, shown with a number of decimals.
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

  /// Items per second since the start, or `nil` as long as nothing can be said.
  public var rate: Double? {
    let seconds = elapsed / .seconds(1)
    return done > 0 && seconds > 0 ? Double(done) / seconds : nil
  }

  /// The time that the rest takes at the same rate, or `nil` as long as nothing can be said.
  public var timeLeft: Duration? {
    guard let rate else { return nil }
    return .seconds(Double(max(0, total - done)) / rate)
  }
}
