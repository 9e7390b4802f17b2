/// Which of a worker's two output streams something applies to, for each local rank.
public struct StreamSelection: Sendable, Hashable {
  /// A set of output streams, numbered as torchrun does: 1 is stdout, 2 stderr, 3 both.
  public struct Streams: OptionSet, Sendable, Hashable {
    /// The sum of the streams' numbers.
    public let rawValue: Int

    /// Standard output.
    public static let output = Streams(rawValue: 1)
    /// Standard error.
    public static let error = Streams(rawValue: 2)

    /// Creates a set from its number.
    public init(rawValue: Int) { self.rawValue = rawValue }
  }

  private var all: Streams = []
  private var perRank: [Int: Streams] = [:]

  /// No stream of any rank.
  public static let none = StreamSelection()

  private init() {}

  /// Reads `3`, which holds for all ranks, or `0:3,12:1`, where ranks that are not named have none.
  ///
  /// Unlike torchrun's, the map takes local ranks of any length. Answers `nil` for anything else.
  public init?(_ text: String) {
    if let number = Int(text) {
      guard (0...3).contains(number) else { return nil }
      all = Streams(rawValue: number)
      return
    }
    for entry in text.split(separator: ",", omittingEmptySubsequences: false) {
      let parts = entry.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count == 2, let rank = Int(parts[0]), rank >= 0,
        let number = Int(parts[1]), (0...3).contains(number)
      else { return nil }
      perRank[rank] = Streams(rawValue: number)
    }
  }

  /// The streams of a local rank.
  public func streams(localRank: Int) -> Streams { perRank[localRank] ?? all }

  /// Whether no stream is selected.
  public var isEmpty: Bool { all.isEmpty && perRank.values.allSatisfy(\.isEmpty) }

  /// The local ranks that are named but do not exist among `count` workers.
  package func strangers(workerCount count: Int) -> [Int] {
    perRank.keys.filter { $0 >= count }.sorted()
  }
}
