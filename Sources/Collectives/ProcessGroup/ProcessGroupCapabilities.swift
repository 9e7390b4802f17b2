/// What a ``ProcessGroup`` can do beyond running collectives.
///
/// Every group runs every collective. Programs use these values to choose a faster or safer
/// implementation where the backend supports it. A wrapper returns its base's capabilities and
/// those that it adds.
public struct ProcessGroupCapabilities: Sendable, Hashable {
  /// The memory that collectives read and write.
  public enum Memory: Sendable, Hashable {
    /// The host's memory.
    case host
    /// The memory of one GPU, by its index among those that the process sees.
    case gpu(Int)
    /// The memory of the host and of GPUs; all buffers of a collective are in one of them.
    case hostAndGPUs
  }

  /// A reduction of elements of one type.
  public struct Reduction: Sendable, Hashable {
    /// The operation.
    public var op: ReduceOp
    /// The type of the elements.
    public var elementType: ElementType

    /// Creates a value.
    public init(_ op: ReduceOp, _ elementType: ElementType) {
      self.op = op
      self.elementType = elementType
    }
  }

  /// The memory that collectives read and write.
  public var memory = Memory.host

  /// Whether ranks that start different collectives fail at once, rather than wait until
  /// ``ProcessGroup/timeout``.
  public var detectsMismatches = false

  /// Whether ``ProcessGroup/checkPeers()`` detects the death of a peer on the same host between
  /// collectives.
  public var detectsLostPeers = false

  /// Whether ``ReduceOp/average`` needs no pass over memory beyond that of ``ReduceOp/sum``.
  public var fusesAverage = false

  /// Whether ``ProcessGroup/allocate(count:elementType:)`` returns memory that peers access
  /// directly, so that collectives need not copy it.
  public var sharesAllocations = false

  /// Whether messages are matched by their tags.
  ///
  /// If not, two ranks have to start the messages between them in the same order; only the messages
  /// of one ``Collective/exchange(_:)`` are ordered by their tags.
  public var matchesTags = true

  /// Reductions that PyTorch defines but the backend cannot run; starting one throws
  /// `invalidArgument`.
  public var unsupportedReductions: Set<Reduction> = []

  /// Creates the capabilities of a backend that moves the host's memory and does nothing beyond
  /// that.
  public init() {}

  /// Returns whether the backend can reduce elements of a type.
  public func supports(_ op: ReduceOp, of elementType: ElementType) -> Bool {
    op.supports(elementType) && !unsupportedReductions.contains(Reduction(op, elementType))
  }
}
